//! The real `vaguemestre serve`: configured, started, watched, killed, started again.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::Duration;

use super::folder::Folder;
use super::ports::free_port;
use super::postfix::{Ports, Postfix};
use super::process::{Owned, signal, wait_for};

/// A service: its folder, its configuration, and its process while it runs.
pub struct Service {
    /// The milter socket, as Postfix and the configuration name it.
    pub milter: String,
    /// Port of health, readiness and metrics.
    pub review: u16,
    folder: Folder,
    environment: Vec<(String, String)>,
    process: Option<Owned>,
}

impl Service {
    /// Writes a configuration that enforces every article and speaks to the Postfix of these ports; `extra` is TOML
    /// that goes on top, with its own table headers. Nothing runs yet.
    pub fn new(ports: Ports, extra: &[(&str, &str)]) -> Self {
        let folder = Folder::new("service");
        let (milter, review) = (format!("inet:127.0.0.1:{}", free_port()), free_port());
        let service = Self { milter, review, folder, environment: Vec::new(), process: None };
        service.configure(ports, extra);
        service
    }

    /// Writes the configuration again. Each extra line goes under its table: `("judging", "mode = \"warn\"")`; it takes
    /// the place of the line with the same key.
    pub fn configure(&self, ports: Ports, extra: &[(&str, &str)]) {
        let mut lines: Vec<(String, String)> = vec![
            ("establishment".into(), "name = \"Hôpital des essais\"".into()),
            ("establishment".into(), "phone = \"poste 5500\"".into()),
            ("establishment".into(), "email = \"archives@cissslau.example\"".into()),
            ("milter".into(), format!("listen = [\"{}\"]", self.milter)),
            ("judging".into(), "mode = \"enforce\"".into()),
            ("store".into(), format!("state_dir = \"{}\"", self.state().display())),
            ("relay".into(), format!("release = \"127.0.0.1:{}\"", ports.release)),
            ("relay".into(), format!("notices = \"127.0.0.1:{}\"", ports.notices)),
            ("relay".into(), "from = \"vaguemestre@cissslau.example\"".into()),
            ("relay".into(), "group_warnings = \"0s\"".into()),
            ("review".into(), format!("listen = \"127.0.0.1:{}\"", self.review)),
        ];
        let key = |line: &str| line.split_once(" =").map(|(key, _)| key.to_owned());
        for (table, line) in extra {
            lines.retain(|(other, old)| other != table || key(old) != key(line));
            lines.push(((*table).to_owned(), (*line).to_owned()));
        }
        lines.sort_by(|a, b| a.0.cmp(&b.0));
        let mut text = String::new();
        for group in lines.chunk_by(|a, b| a.0 == b.0) {
            text += &format!("[{}]\n", group[0].0);
            group.iter().for_each(|(_, line)| text += &format!("{line}\n"));
        }
        fs::write(self.config(), text).unwrap();
    }

    /// Tells the configuration where to look up a release in doubt.
    pub fn knows(&mut self, postfix: &Postfix, ports: Ports, extra: &[(&str, &str)]) {
        let config = format!("postfix_config = \"{}\"", postfix.config().display());
        let log = format!("mail_log = \"{}\"", postfix.log_path().display());
        let mut lines = vec![("relay", config.as_str()), ("relay", log.as_str())];
        lines.extend_from_slice(extra);
        self.configure(ports, &lines);
        self.environment =
            postfix.environment().into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    }

    /// Adds a variable to the environment of the next start.
    pub fn set(&mut self, name: &str, value: &str) {
        self.environment.retain(|(other, _)| other != name);
        self.environment.push((name.to_owned(), value.to_owned()));
    }

    /// Takes a variable out again.
    pub fn unset(&mut self, name: &str) {
        self.environment.retain(|(other, _)| other != name);
    }

    /// Starts the service and waits until it is ready.
    pub fn start(&mut self) {
        self.spawn();
        self.wait_ready();
    }

    /// Starts the service without waiting.
    pub fn spawn(&mut self) {
        let log = File::options().append(true).create(true).open(self.log_path()).unwrap();
        let mut command = self.command("serve");
        command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        self.process = Some(Owned(command.spawn().unwrap()));
    }

    /// Waits until the service can judge and hold.
    pub fn wait_ready(&mut self) {
        wait_for("readiness", || {
            let ended = self.process.as_mut().and_then(|process| process.0.try_wait().unwrap());
            assert!(ended.is_none(), "the service ended: {ended:?}\n{}", self.log());
            (self.get("/readyz").0 == 200).then_some(())
        });
    }

    /// Whether the process still runs.
    pub fn runs(&mut self) -> bool {
        self.process.as_mut().is_some_and(|process| process.0.try_wait().unwrap().is_none())
    }

    /// Ends the service at once, as a crash would.
    pub fn kill(&mut self) {
        self.process = None;
    }

    /// Asks the service to finish what it has in hand, and waits for it.
    pub fn stop(&mut self) -> ExitStatus {
        let mut process = self.process.take().expect("the service runs");
        signal(process.0.id(), "TERM");
        process.0.wait().unwrap()
    }

    /// Sends a signal: `HUP`, `STOP`, `CONT`.
    pub fn signal(&self, name: &str) {
        signal(self.pid(), name);
    }

    pub fn pid(&self) -> u32 {
        self.process.as_ref().expect("the service runs").0.id()
    }

    /// Asks the HTTP listener: status and body; status 0 when nobody answers.
    pub fn get(&self, path: &str) -> (u16, String) {
        self.try_get(path).unwrap_or_default()
    }

    fn try_get(&self, path: &str) -> std::io::Result<(u16, String)> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.review))?;
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
        Ok((head.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0), body.to_owned()))
    }

    /// A command of the program, with this service's configuration: `cases`, `check`, `scan`.
    pub fn command(&self, name: &str) -> Command {
        let mut command = Command::new(program());
        command.arg(name).arg("--config").arg(self.config());
        command.envs(self.environment.iter().cloned());
        command
    }

    /// Runs `vaguemestre cases` and gives its standard output; fails with its standard error.
    pub fn cases(&self, arguments: &[&str]) -> Result<String, String> {
        let output = self.command("cases").args(["--as", "archiviste"]).args(arguments).output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
    }

    pub fn config(&self) -> PathBuf {
        self.folder.path().join("vaguemestre.toml")
    }

    /// Folder of the database, sealed content and keys.
    pub fn state(&self) -> PathBuf {
        self.folder.path().join("state")
    }

    /// Path of what the service logs.
    pub fn log_path(&self) -> PathBuf {
        self.folder.path().join("service.log")
    }

    /// Everything the service logged, over all its starts.
    pub fn log(&self) -> String {
        fs::read_to_string(self.log_path()).unwrap_or_default()
    }
}

/// The program under test: `VAGUEMESTRE_PROGRAM` when set, so that the suite can try an installed package; else the one
/// built beside this program.
pub fn program() -> PathBuf {
    let beside = || {
        let this = std::env::current_exe().unwrap();
        let folder = this.ancestors().find(|folder| folder.join("vaguemestre").is_file());
        folder.expect("cargo build has made the program").join("vaguemestre")
    };
    std::env::var_os("VAGUEMESTRE_PROGRAM").map_or_else(beside, |path| Path::new(&path).to_owned())
}
