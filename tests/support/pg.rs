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
        let server = Self::made(format!("vaguemestre-pg.{}", std::process::id()));
        server.serve(&["listen_addresses="]);
        server
    }

    /// A server of its own that takes connections over TLS on loopback too, with this certificate and key; gives its port.
    #[allow(dead_code)]
    pub fn over_tls(certificate: &str, key: &str) -> (Self, u16) {
        let server = Self::made(format!("vaguemestre-pg.{}.tls", std::process::id()));
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        for (name, text) in [("server.crt", certificate), ("server.key", key)] {
            let path = server.data().join(name);
            fs::write(&path, text).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
            if is_root() {
                assert!(Command::new("chown").arg("postgres").arg(&path).status().unwrap().success());
            }
        }
        server.serve(&["listen_addresses=127.0.0.1", &format!("port={port}"), "ssl=on"]);
        (server, port)
    }

    fn made(name: String) -> Self {
        let folder = std::env::temp_dir().join(name);
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
        server
    }

    /// Starts it from a thread that stays: the kernel stops it with whoever started it.
    fn serve(&self, own: &[&str]) {
        let (socket, data) = (self.shown(), self.data().display().to_string());
        let options = ["fsync=off", "max_connections=300", "log_min_messages=fatal"];
        let mut command = self.command("postgres");
        command.args(["-D", &data, "-k", &socket]);
        options.iter().chain(own).for_each(|option| {
            command.args(["-c", option]);
        });
        command.stdout(Stdio::null()).stderr(Stdio::null());
        std::thread::spawn(move || command.status());
        let patience = Instant::now() + Duration::from_secs(60);
        let port = own.iter().find_map(|option| option.strip_prefix("port=")).unwrap_or("5432");
        while !self.run("pg_isready", &["-q", "-h", &socket, "-p", port]).status.success() {
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
        let process = name.strip_prefix("vaguemestre-pg.").map(|id| id.trim_end_matches(".tls"));
        let process = process.and_then(|id| id.parse::<u32>().ok());
        if process.is_some_and(|id| !Path::new(&format!("/proc/{id}")).exists()) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}
