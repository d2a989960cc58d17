//! A private Postfix on loopback: its own folders, ports and queue. The machine's own MTA, if any, hears nothing of it.
//!
//! The programs are Debian's, installed, or unpacked under `target/postfix` where another MTA stands
//! (`tests/support/packages.sh`). Needs root, as Postfix' master does.

use std::fmt::Write as _;
use std::fs::{self, Permissions};
use std::io::Read;
use std::net::TcpStream;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use super::folder::Folder;
use super::ports::free_port;
use super::process::{Owned, signal, wait_for};

/// What one private Postfix is to do.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// Milter of the normal and the release listener: `inet:127.0.0.1:PORT` or `unix:PATH`; `None` is no milter.
    pub milter: Option<String>,
    /// Port of the next hop for everything that is not local.
    pub next_hop: u16,
    /// Lines of `main.cf`: maps, `always_bcc`, limits; `client_rewrites` and `release_rewrites`, which are the
    /// `local_header_rewrite_clients` of the two judged listeners. Each takes the place of the line with the same name: of a
    /// name that stands twice every daemon warns, and those that start before `postlogd` block on its full socket.
    pub main: Vec<String>,
    /// Names of local aliases with what they stand for, under the domain `alias.example`.
    pub aliases: Vec<(String, String)>,
    /// Folder for the listener ports of an earlier one to be used again.
    pub ports: Option<Ports>,
}

/// Where the private Postfix listens.
#[derive(Clone, Copy, Debug)]
pub struct Ports {
    /// Mail of clients: the milter judges it.
    pub normal: u16,
    /// Releases: the milter is there, in release mode; header and body checks are off, and nothing else.
    pub release: u16,
    /// Notices: no milter.
    pub notices: u16,
}

impl Ports {
    pub fn free() -> Self {
        Self { normal: free_port(), release: free_port(), notices: free_port() }
    }
}

/// A running private Postfix; it ends, queue and all, when dropped.
pub struct Postfix {
    pub ports: Ports,
    programs: Programs,
    folder: Folder,
    master: Owned,
}

impl Postfix {
    /// Starts one and waits until its normal listener greets.
    pub fn start(plan: &Plan) -> Self {
        let folder = Folder::new("postfix");
        let programs = Programs::find();
        let ports = plan.ports.unwrap_or_else(Ports::free);
        lay_out(folder.path(), &programs);
        let etc = folder.path().join("etc");
        fs::write(etc.join("main.cf"), main_cf(folder.path(), &programs, plan)).unwrap();
        fs::write(etc.join("master.cf"), master_cf(ports, plan)).unwrap();
        fs::write(etc.join("aliases"), aliases(plan)).unwrap();
        let master = programs.master(&etc);
        let postfix = Self { ports, programs, folder, master };
        wait_for("Postfix' greeting", || greets(ports.normal).then_some(()));
        postfix
    }

    /// Folder of `main.cf`, for `postqueue -c`.
    pub fn config(&self) -> PathBuf {
        self.folder.path().join("etc")
    }

    /// Path of the mail log.
    pub fn log_path(&self) -> PathBuf {
        self.folder.path().join("log/maillog")
    }

    /// The mail log so far.
    pub fn log(&self) -> String {
        fs::read_to_string(self.log_path()).unwrap_or_default()
    }

    /// A Postfix program such as `postqueue`, for this instance.
    pub fn command(&self, name: &str) -> Command {
        let mut command = Command::new(self.programs.commands.join(name));
        command.arg("-c").arg(self.config());
        command.envs(self.programs.environment());
        command
    }

    /// What a service that calls `postqueue` needs in its environment to find this Postfix' programs.
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        let path = std::env::var("PATH").unwrap_or_default();
        let mut environment = self.programs.environment();
        environment.push(("PATH", format!("{}:{path}", self.programs.commands.display())));
        environment
    }

    /// Messages in the queue, whatever their state. What a killed cleanup left unfinished is none: Postfix marks a
    /// complete queue file by its owner's execute permission.
    pub fn queued(&self) -> usize {
        let queue = self.folder.path().join("queue");
        ["incoming", "active", "deferred", "hold", "maildrop"]
            .iter()
            .map(|state| complete_files(&queue.join(state)))
            .sum()
    }

    /// Waits until nothing is queued.
    pub fn drain(&self) {
        wait_for("an empty queue", || (self.queued() == 0).then_some(()));
    }

    /// Tries deferred messages now.
    pub fn flush(&self) {
        assert!(self.command("postqueue").arg("-f").status().unwrap().success());
    }

    /// Kills each running process of one daemon of this instance, such as `cleanup`, at once; how many there were.
    pub fn kill(&self, daemon: &str) -> usize {
        let victims: Vec<u32> =
            children(self.master.0.id()).into_iter().filter(|pid| name(*pid) == daemon).collect();
        victims.iter().for_each(|pid| drop(Command::new("kill").args(["-9", &pid.to_string()]).status()));
        victims.len()
    }

    /// Reads `main.cf` again.
    pub fn reload(&self) {
        signal(self.master.0.id(), "HUP");
    }
}

impl Drop for Postfix {
    fn drop(&mut self) {
        let daemons = children(self.master.0.id());
        let _ = self.master.0.kill();
        let _ = self.master.0.wait();
        for pid in daemons {
            let _ = Command::new("kill").args(["-9", &pid.to_string()]).stderr(Stdio::null()).status();
        }
    }
}

fn greets(port: u16) -> bool {
    let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)) else { return false };
    let _ = stream.set_read_timeout(Some(Duration::from_secs(2)));
    stream.read(&mut [0; 3]).is_ok_and(|length| length > 0)
}

/// Where Postfix' programs are, and as whom they run.
#[derive(Clone, Debug)]
struct Programs {
    commands: PathBuf,
    daemons: PathBuf,
    /// Folder of the libraries, when they are not where the programs look.
    libraries: Option<PathBuf>,
    owner: &'static str,
    drop_group: &'static str,
}

impl Programs {
    fn find() -> Self {
        let unpacked = target_folder().join("postfix");
        if Path::new("/usr/lib/postfix/sbin/master").exists() {
            let root = Path::new("/usr");
            return Self::at(root, None, "postfix", "postdrop");
        }
        let root = unpacked.join("usr");
        assert!(
            root.exists(),
            "Postfix is missing: run tests/support/packages.sh, which says what it installs"
        );
        // Accounts that every Debian has and that no mail system uses: an unpacked Postfix makes none.
        Self::at(&root, Some(root.join("lib/postfix")), "uucp", "news")
    }

    fn at(root: &Path, libraries: Option<PathBuf>, owner: &'static str, drop_group: &'static str) -> Self {
        Self {
            commands: root.join("sbin"),
            daemons: root.join("lib/postfix/sbin"),
            libraries,
            owner,
            drop_group,
        }
    }

    fn environment(&self) -> Vec<(&'static str, String)> {
        self.libraries.iter().map(|folder| ("LD_LIBRARY_PATH", folder.display().to_string())).collect()
    }

    fn master(&self, etc: &Path) -> Owned {
        let mut command = Command::new(self.daemons.join("master"));
        command.arg("-d").arg("-c").arg(etc).envs(self.environment());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        Owned(command.spawn().expect("Postfix' master starts (as root)"))
    }
}

/// The package's `target` folder: this program runs from inside it.
fn target_folder() -> PathBuf {
    let program = std::env::current_exe().unwrap();
    program
        .ancestors()
        .find(|folder| folder.join("CACHEDIR.TAG").exists())
        .map_or_else(PathBuf::new, Path::to_owned)
}

fn lay_out(folder: &Path, programs: &Programs) {
    let (owner, group) = (id("-u", programs.owner), id("-g", programs.owner));
    let drop_group = group_id(programs.drop_group);
    let make = |name: &str, mode: u32, owner: Option<u32>, group: Option<u32>| {
        let path = folder.join(name);
        fs::create_dir_all(&path).unwrap();
        chown(&path, owner, group).expect("Postfix' folders change hands (as root)");
        fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
    };
    for name in ["etc", "log", "queue", "queue/pid"] {
        make(name, 0o755, None, None);
    }
    make("data", 0o700, Some(owner), Some(group));
    for name in [
        "active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "private", "saved",
        "trace",
    ] {
        make(&format!("queue/{name}"), 0o700, Some(owner), None);
    }
    make("queue/maildrop", 0o730, Some(owner), Some(drop_group));
    make("queue/public", 0o710, Some(owner), Some(drop_group));
}

fn id(flag: &str, account: &str) -> u32 {
    let output = Command::new("id").args([flag, account]).output().unwrap();
    String::from_utf8_lossy(&output.stdout).trim().parse().unwrap_or_else(|_| panic!("no account {account}"))
}

fn group_id(name: &str) -> u32 {
    let groups = fs::read_to_string("/etc/group").unwrap();
    let line = groups.lines().find(|line| line.split(':').next() == Some(name));
    line.and_then(|line| line.split(':').nth(2)?.parse().ok()).unwrap_or_else(|| panic!("no group {name}"))
}

fn main_cf(folder: &Path, programs: &Programs, plan: &Plan) -> String {
    let at = folder.display();
    let mut text = format!(
        "compatibility_level = 3.6
queue_directory = {at}/queue
data_directory = {at}/data
command_directory = {commands}
daemon_directory = {daemons}
mail_owner = {owner}
setgid_group = {drop_group}
maillog_file = {at}/log/maillog
maillog_file_prefixes = {at}/log
myhostname = mta.example
mydestination = alias.example
alias_maps = texthash:{at}/etc/aliases
alias_database =
local_recipient_maps =
inet_interfaces = loopback-only
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_peername_lookup = no
disable_dns_lookups = yes
default_transport = smtp:[127.0.0.1]:{next_hop}
relay_transport = smtp:[127.0.0.1]:{next_hop}
message_size_limit = 52428800
mailbox_size_limit = 0
smtputf8_enable = yes
smtp_tls_security_level = none
smtpd_client_connection_count_limit = 0
in_flow_delay = 0
milter_default_action = tempfail
milter_protocol = 6
enable_long_queue_ids = yes
client_rewrites = permit_inet_interfaces
release_rewrites =
",
        commands = programs.commands.display(),
        daemons = programs.daemons.display(),
        owner = programs.owner,
        drop_group = programs.drop_group,
        next_hop = plan.next_hop,
    );
    if let Some(folder) = &programs.libraries {
        let _ = writeln!(
            text,
            "shlib_directory = {0}\nimport_environment = MAIL_CONFIG MAIL_DEBUG MAIL_LOGTAG TZ LANG=C POSTLOG_SERVICE POSTLOG_HOSTNAME LD_LIBRARY_PATH={0}",
            folder.display()
        );
    }
    let name = |line: &str| line.split_once(" =").map(|(name, _)| name.to_owned());
    let mut lines: Vec<&str> = Vec::new();
    for line in text.lines().chain(plan.main.iter().map(String::as_str)) {
        lines.retain(|old| name(line).is_none() || name(old) != name(line));
        lines.push(line);
    }
    lines.join("\n") + "\n"
}

#[test]
fn a_changed_line_of_main_cf_stands_once() {
    let main = vec!["client_rewrites =".to_owned(), "always_bcc = a@b.example".to_owned()];
    let text = main_cf(Path::new("/folder"), &Programs::find(), &Plan { main, ..Plan::default() });
    let of = |name: &str| text.lines().filter(|line| line.starts_with(name)).collect::<Vec<_>>();
    assert_eq!(of("client_rewrites"), ["client_rewrites ="]);
    assert_eq!(of("always_bcc"), ["always_bcc = a@b.example"]);
    assert_eq!(of("release_rewrites").len(), 1);
}

fn aliases(plan: &Plan) -> String {
    plan.aliases.iter().map(|(name, meaning)| format!("{name} {meaning}\n")).collect()
}

fn master_cf(ports: Ports, plan: &Plan) -> String {
    let milter = plan.milter.as_deref().unwrap_or("");
    let listener = |port: u16, options: &str| format!("127.0.0.1:{port} inet n - n - - smtpd {options}\n");
    let judged = format!("-o {{ smtpd_milters = {milter} }}");
    let normal = format!("{judged} -o local_header_rewrite_clients=$client_rewrites");
    let release = format!(
        "{judged} -o milter_macro_daemon_name=vaguemestre-release -o receive_override_options=no_header_body_checks \
         -o local_header_rewrite_clients=$release_rewrites"
    );
    [
        listener(ports.normal, &normal),
        listener(ports.release, &release),
        listener(ports.notices, "-o smtpd_milters="),
        SERVICES.to_owned(),
    ]
    .concat()
}

/// Postfix' own services, none of them in a chroot.
const SERVICES: &str = "\
pickup    unix  n - n 60    1 pickup
cleanup   unix  n - n -     0 cleanup
qmgr      unix  n - n 300   1 qmgr
rewrite   unix  - - n -     - trivial-rewrite
bounce    unix  - - n -     0 bounce
defer     unix  - - n -     0 bounce
trace     unix  - - n -     0 bounce
verify    unix  - - n -     1 verify
flush     unix  n - n 1000? 0 flush
proxymap  unix  - - n -     - proxymap
proxywrite unix - - n -     1 proxymap
smtp      unix  - - n -     - smtp
relay     unix  - - n -     - smtp
showq     unix  n - n -     - showq
error     unix  - - n -     - error
retry     unix  - - n -     - error
discard   unix  - - n -     - discard
local     unix  - n n -     - local
anvil     unix  - - n -     1 anvil
scache    unix  - - n -     1 scache
postlog   unix-dgram n - n - 1 postlogd
";

fn complete_files(folder: &Path) -> usize {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .map(|entry| entry.path())
        .map(|path| match fs::metadata(&path) {
            Ok(found) if found.is_dir() => complete_files(&path),
            Ok(found) => usize::from(found.permissions().mode() & 0o100 != 0),
            Err(_) => 0,
        })
        .sum()
}

/// Processes started by another one.
fn children(parent: u32) -> Vec<u32> {
    let entries = fs::read_dir("/proc").unwrap().flatten();
    let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    pids.filter(|pid| stat(*pid).and_then(|fields| fields.get(1)?.parse().ok()) == Some(parent)).collect()
}

/// Fields of `/proc/PID/stat` after the name: state, parent …
fn stat(pid: u32) -> Option<Vec<String>> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    Some(text.rsplit_once(')')?.1.split_whitespace().map(str::to_owned).collect())
}

fn name(pid: u32) -> String {
    fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default().trim().to_owned()
}
