//! What a worker gives up before it sees a foreign byte, one net under the other.
//!
//! Limits of the kernel on memory, time, files and processes; no new privileges; no file and no port (landlock); no system call
//! beyond those that reading memory takes (seccomp). Kernels without the last two are told of, and the rest holds.

use std::collections::BTreeMap;
use std::io;

use landlock::{
    ABI, Access, AccessFs, AccessNet, Ruleset, RulesetAttr, RulesetCreatedAttr, RulesetStatus, Scope,
    path_beneath_rules,
};
use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};
use rustix::thread::set_no_new_privs;
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
    TargetArch, apply_filter,
};

use super::wire::Confinement;

/// Most descriptors: the three that every process has, the socket again, and the file.
const DESCRIPTORS: u64 = 6;

/// Confines this process for good.
///
/// # Errors
/// When a limit that every kernel has is refused.
pub fn confine(memory: u64) -> io::Result<Confinement> {
    // The first to go when memory runs out, so that the service stays. Without /proc it goes as any process does.
    let _ = std::fs::write("/proc/self/oom_score_adj", "1000");
    limit(&[
        (Resource::As, memory),
        (Resource::Nofile, DESCRIPTORS),
        (Resource::Fsize, 0),
        (Resource::Core, 0),
        (Resource::Nproc, 0),
    ])?;
    set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
    set_no_new_privs(true)?;
    let landlock = no_files();
    Ok(Confinement { landlock, seccomp: few_calls().is_ok() })
}

/// Confines this process before it becomes an outside tool, which must be executed, load its libraries and read its own data.
///
/// # Errors
/// When a limit that every kernel has is refused.
pub fn confine_tool(memory: u64, cpu: u64) -> io::Result<()> {
    let _ = std::fs::write("/proc/self/oom_score_adj", "1000");
    limit(&[
        (Resource::As, memory),
        (Resource::Cpu, cpu),
        (Resource::Nofile, TOOL_DESCRIPTORS),
        (Resource::Fsize, 0),
        (Resource::Core, 0),
    ])?;
    set_no_new_privs(true)?;
    // Kernels without them are told of at the start of the first worker.
    let _ = only_programs();
    let _ = no_way_out();
    Ok(())
}

/// Most descriptors of a tool: its libraries and data are opened one after the other.
const TOOL_DESCRIPTORS: u64 = 64;

/// What a tool may read: programs, libraries, fonts and what the loader needs. Nothing of the service, of mail or of people.
const TOOL_FILES: &[&str] =
    &["/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache", "/etc/fonts", "/dev/null"];

fn only_programs() -> Result<(), landlock::RulesetError> {
    let abi = ABI::V5;
    Ruleset::default()
        .handle_access(AccessFs::from_all(abi))?
        .handle_access(AccessNet::from_all(abi))?
        .scope(Scope::from_all(ABI::V6))?
        .create()?
        .add_rules(path_beneath_rules(TOOL_FILES, AccessFs::from_read(abi)))?
        .restrict_self()
        .map(drop)
}

/// No network, no other process, no kernel feature that a tool has no use for: each of these fails.
fn no_way_out() -> Result<(), Box<dyn std::error::Error>> {
    let past_itself = |call: &&i64| ![libc::SYS_execve, libc::SYS_execveat].contains(*call);
    let calls = DEADLY.iter().filter(past_itself).map(|call| (*call, Vec::new())).collect();
    let denied = SeccompAction::Errno(u32::try_from(libc::EPERM)?);
    apply_filter(&filter(calls, SeccompAction::Allow, denied)?)?;
    Ok(())
}

fn limit(limits: &[(Resource, u64)]) -> io::Result<()> {
    for (resource, most) in limits {
        setrlimit(*resource, Rlimit { current: Some(*most), maximum: Some(*most) })?;
    }
    Ok(())
}

/// Denies every file and port that landlock knows of; whether the kernel does.
fn no_files() -> bool {
    let rules = Ruleset::default()
        .handle_access(AccessFs::from_all(ABI::V5))
        .and_then(|rules| rules.handle_access(AccessNet::from_all(ABI::V5)))
        .and_then(|rules| rules.scope(Scope::from_all(ABI::V6)))
        .and_then(Ruleset::create)
        .and_then(landlock::RulesetCreated::restrict_self);
    rules.is_ok_and(|status| status.ruleset != RulesetStatus::NotEnforced)
}

/// Calls that reading takes: what is in hand, memory, the clock, the end.
const CALLS: &[i64] = &[
    libc::SYS_read,
    libc::SYS_readv,
    libc::SYS_write,
    libc::SYS_writev,
    libc::SYS_recvmsg,
    libc::SYS_lseek,
    libc::SYS_close,
    libc::SYS_brk,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_madvise,
    libc::SYS_futex,
    libc::SYS_sched_yield,
    libc::SYS_clock_gettime,
    libc::SYS_getrandom,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sigaltstack,
    libc::SYS_restart_syscall,
    libc::SYS_getpid,
    libc::SYS_gettid,
    libc::SYS_tgkill,
    libc::SYS_exit,
    libc::SYS_exit_group,
];

/// Calls that map memory: allowed as long as it cannot be executed (`PROT_EXEC`, third argument).
const MAPPING: &[i64] = &[libc::SYS_mmap, libc::SYS_mprotect];

/// Calls that no reader has a reason to try: they end the worker at once. All others that are not allowed fail.
const DEADLY: &[i64] = &[
    libc::SYS_socket,
    libc::SYS_connect,
    libc::SYS_bind,
    libc::SYS_sendto,
    libc::SYS_sendmsg,
    libc::SYS_execve,
    libc::SYS_execveat,
    libc::SYS_clone,
    libc::SYS_clone3,
    libc::SYS_ptrace,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_kill,
    libc::SYS_bpf,
    libc::SYS_io_uring_setup,
    libc::SYS_mount,
    libc::SYS_unshare,
    libc::SYS_setns,
];

fn few_calls() -> Result<(), Box<dyn std::error::Error>> {
    let executable = u64::try_from(libc::PROT_EXEC)?;
    let plain = SeccompCondition::new(2, SeccompCmpArgLen::Dword, SeccompCmpOp::MaskedEq(executable), 0)?;
    let plain = vec![SeccompRule::new(vec![plain])?];
    let mut allowed: BTreeMap<i64, Vec<SeccompRule>> = CALLS.iter().map(|call| (*call, Vec::new())).collect();
    allowed.extend(MAPPING.iter().map(|call| (*call, plain.clone())));
    let denied = SeccompAction::Errno(u32::try_from(libc::EPERM)?);
    let allow_list = filter(allowed, denied, SeccompAction::Allow)?;
    let deadly = DEADLY.iter().map(|call| (*call, Vec::new())).collect();
    let deny_list = filter(deadly, SeccompAction::Allow, SeccompAction::KillProcess)?;
    // The allow-list comes last: it denies putting up another filter.
    apply_filter(&deny_list)?;
    apply_filter(&allow_list)?;
    Ok(())
}

fn filter(
    calls: BTreeMap<i64, Vec<SeccompRule>>,
    otherwise: SeccompAction,
    then: SeccompAction,
) -> Result<BpfProgram, Box<dyn std::error::Error>> {
    let machine = TargetArch::try_from(std::env::consts::ARCH)?;
    Ok(SeccompFilter::new(calls, otherwise, then, machine)?.try_into()?)
}
