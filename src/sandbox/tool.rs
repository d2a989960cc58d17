//! The side of an outside tool: confine this process, then become the tool.

use std::io;
use std::os::unix::process::CommandExt;
use std::process::Command;

use super::confine::confine_tool;
use super::stray::close_stray_descriptors;

/// Becomes the tool, which reads standard input and writes standard output, within `memory` bytes and `cpu` seconds.
///
/// # Errors
/// When it cannot be confined or executed; else it does not return.
pub fn become_tool(memory: u64, cpu: u64, command: &[String]) -> io::Result<()> {
    let (program, arguments) = command.split_first().ok_or(io::ErrorKind::InvalidInput)?;
    close_stray_descriptors()?;
    confine_tool(memory, cpu)?;
    let environment = [("LC_ALL", "C.UTF-8"), ("OMP_THREAD_LIMIT", "1")];
    Err(Command::new(program).args(arguments).env_clear().envs(environment).exec())
}
