//! Descriptors that a worker was not meant to have: whoever started the service may have left some open across executions.

use std::io;

/// Closes every descriptor but standard input, output and error. To be called before anything else is opened.
///
/// # Errors
/// When some stay open: they would be a way out.
pub fn close_stray_descriptors() -> io::Result<()> {
    close_from(FIRST);
    let Ok(entries) = std::fs::read_dir("/proc/self/fd") else { return Ok(()) };
    // The three that stay, and the folder being read.
    if entries.count() > 4 {
        return Err(io::Error::other("this kernel leaves descriptors open that are not the worker's own"));
    }
    Ok(())
}

/// The first descriptor that is not one of the standard three.
const FIRST: libc::c_uint = 3;

/// close_range(2), of Linux 5.9 and later; an older kernel closes nothing.
#[allow(unsafe_code)]
fn close_from(first: libc::c_uint) {
    // SAFETY: closing a descriptor breaks whoever believes to own it. A worker calls this first, before it has opened anything:
    // no value of this process owns a descriptor past the standard three. The call takes three integers and touches no memory.
    unsafe {
        libc::syscall(libc::SYS_close_range, first, libc::c_uint::MAX, 0 as libc::c_uint);
    }
}
