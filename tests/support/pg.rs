//! A PostgreSQL server of the tests' own, from Debian's package `postgresql`: in a folder of its own, on a socket only, gone with the
//! process. Its disk is not synced: what is proved is what a killed client leaves, not what a power cut does.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// The server.
pub struct Server {
    folder: PathBuf,
    programs: PathBuf,
}

/// The server of this process, started at the first call.
pub fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(Server::start)
}

impl Server {
    /// Address of a database, made when there is none of this name.
    pub fn database(&self, name: &str) -> String {
        let made = self.run("createdb", &["-h", &self.shown(), "-U", "vaguemestre", name]);
        let text = String::from_utf8_lossy(&made.stderr).into_owned();
        assert!(made.status.success() || text.contains("already exists"), "{text}");
        format!("postgres:///{name}?host={}&user=vaguemestre", self.shown())
    }

    /// Where the files of all databases are.
    pub fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn start() -> Self {
        sweep();
        let folder = std::env::temp_dir().join(format!("vaguemestre-pg.{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let server = Self { folder, programs: programs() };
        if is_root() {
            let owned = Command::new("chown").arg("postgres").arg(&server.folder).status().unwrap();
            assert!(owned.success(), "the user postgres of Debian's package is missing");
        }
        fs::set_permissions(&server.folder, fs::Permissions::from_mode(0o700)).unwrap();
        let data = server.data().display().to_string();
        let made = server
            .run("initdb", &["-D", &data, "-A", "trust", "-U", "vaguemestre", "-E", "UTF8", "--no-sync"]);
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        server.serve(&data);
        server
    }

    /// Starts it from a thread that stays: the kernel stops it with whoever started it.
    fn serve(&self, data: &str) {
        let socket = self.shown();
        let options = ["listen_addresses=", "fsync=off", "max_connections=300", "log_min_messages=fatal"];
        let mut command = self.command("postgres");
        command.args(["-D", data, "-k", &socket]);
        options.iter().for_each(|option| {
            command.args(["-c", option]);
        });
        command.stdout(Stdio::null()).stderr(Stdio::null());
        std::thread::spawn(move || command.status());
        let patience = Instant::now() + Duration::from_secs(60);
        while !self.run("pg_isready", &["-q", "-h", &socket]).status.success() {
            assert!(Instant::now() < patience, "the PostgreSQL server does not start");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn run(&self, program: &str, arguments: &[&str]) -> std::process::Output {
        self.command(program).args(arguments).output().unwrap()
    }

    /// A program of the server, never as root, and stopped with us.
    fn command(&self, program: &str) -> Command {
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "INT"]);
        if is_root() {
            command.args(["--reuid", "postgres", "--regid", "postgres", "--clear-groups"]);
        }
        command.arg(self.programs.join(program)).current_dir(&self.folder);
        command
    }

    fn shown(&self) -> String {
        self.folder.display().to_string()
    }
}

fn is_root() -> bool {
    Path::new("/proc/self").metadata().is_ok_and(|owner| std::os::unix::fs::MetadataExt::uid(&owner) == 0)
}

/// Where Debian keeps the newest server.
fn programs() -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").expect("Debian's package `postgresql` is needed");
    let mut found: Vec<PathBuf> = versions.map(|entry| entry.unwrap().path().join("bin")).collect();
    found.retain(|bin| bin.join("postgres").is_file());
    found.sort();
    found.pop().expect("Debian's package `postgresql` is needed")
}

/// Removes what servers of ended processes left.
fn sweep() {
    for entry in fs::read_dir(std::env::temp_dir()).unwrap().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let process = name.strip_prefix("vaguemestre-pg.").and_then(|id| id.parse::<u32>().ok());
        if process.is_some_and(|id| !Path::new(&format!("/proc/{id}")).exists()) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}
