//! The next hop: an SMTP server that takes everything and remembers it, in memory and in files.

use std::fs;
use std::io::{BufRead, BufReader, Result, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread;

use super::process::wait_for;

/// A message as the next hop got it.
#[derive(Clone, Debug)]
pub struct Delivery {
    pub from: String,
    pub to: Vec<String>,
    /// Header, empty line, body, without dot-stuffing; what Postfix puts on top (`Received`) included.
    pub data: Vec<u8>,
}

impl Delivery {
    /// Whether the message arrived byte for byte, under nothing but trace fields that MTAs put on top.
    pub fn carries(&self, sent: &[u8]) -> bool {
        self.data.strip_suffix(sent).is_some_and(|top| {
            let mut fields = top.split_inclusive(|byte| *byte == b'\n');
            fields.all(|line| {
                line.starts_with(b"Received:") || line.starts_with(b"\t") || line.starts_with(b" ")
            })
        })
    }

    /// The text that people read, whatever its transfer encoding.
    pub fn text(&self) -> String {
        let message = mail_parser::MessageParser::default().parse(&self.data);
        let text = message.as_ref().and_then(|message| message.body_text(0));
        text.map(|text| text.into_owned()).unwrap_or_default()
    }

    /// Its Message-ID, as it was sent.
    pub fn id(&self) -> String {
        let text = String::from_utf8_lossy(&self.data);
        let id = text
            .lines()
            .take_while(|line| !line.is_empty())
            .find_map(|line| line.strip_prefix("Message-ID: "));
        id.unwrap_or_default().to_owned()
    }

    /// Whether a text stands anywhere in the message.
    pub fn holds(&self, text: &str) -> bool {
        self.data.windows(text.len()).any(|window| window == text.as_bytes())
    }
}

/// A running next hop.
pub struct Sink {
    pub port: u16,
    got: Arc<Mutex<Vec<Delivery>>>,
}

impl Sink {
    /// Listens on a free port of 127.0.0.1; with a folder, each message is written there too, before its 250.
    pub fn start(folder: Option<&Path>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let got = Arc::new(Mutex::new(Vec::new()));
        let (shared, folder) = (Arc::clone(&got), folder.map(Path::to_owned));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (shared, folder) = (Arc::clone(&shared), folder.clone());
                thread::spawn(move || serve(stream, &shared, folder.as_ref()));
            }
        });
        Self { port, got }
    }

    /// Everything that came so far, oldest first.
    pub fn deliveries(&self) -> Vec<Delivery> {
        self.got.lock().unwrap().clone()
    }

    /// Waits for the first message that fits.
    pub fn wait(&self, what: &str, fits: impl Fn(&Delivery) -> bool) -> Delivery {
        wait_for(what, || self.deliveries().into_iter().find(|delivery| fits(delivery)))
    }

    /// Messages in which a text stands.
    pub fn holding(&self, text: &str) -> Vec<Delivery> {
        self.deliveries().into_iter().filter(|delivery| delivery.holds(text)).collect()
    }
}

fn serve(mut stream: TcpStream, got: &Mutex<Vec<Delivery>>, folder: Option<&PathBuf>) -> Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let (mut from, mut to) = (String::new(), Vec::new());
    stream.write_all(b"220 next hop\r\n")?;
    let mut line = String::new();
    while reader.read_line(&mut line)? > 0 {
        let command = line.trim_end().to_owned();
        line.clear();
        match command.get(..4).unwrap_or("").to_ascii_uppercase().as_str() {
            "MAIL" => (from, to) = (path(&command), Vec::new()),
            "RCPT" => to.push(path(&command)),
            "DATA" => {
                stream.write_all(b"354 go on\r\n")?;
                let data = data(&mut reader)?;
                let delivery = Delivery { from: from.clone(), to: to.clone(), data };
                keep(delivery, got, folder)?;
            }
            "EHLO" => stream.write_all(b"250-next hop\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n")?,
            "QUIT" => return stream.write_all(b"221 bye\r\n"),
            _ => {}
        }
        stream.write_all(b"250 2.0.0 ok\r\n")?;
    }
    Ok(())
}

fn keep(delivery: Delivery, got: &Mutex<Vec<Delivery>>, folder: Option<&PathBuf>) -> Result<()> {
    let mut got = got.lock().unwrap();
    if let Some(folder) = folder {
        let name = folder.join(format!("{:05}", got.len() + 1));
        fs::write(
            name.with_extension("envelope"),
            format!("{}\n{}\n", delivery.from, delivery.to.join("\n")),
        )?;
        fs::write(name.with_extension("eml"), &delivery.data)?;
    }
    got.push(delivery);
    Ok(())
}

fn path(command: &str) -> String {
    let inside = command.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    inside.map_or("", |(path, _)| path).to_owned()
}

fn data(reader: &mut impl BufRead) -> Result<Vec<u8>> {
    let mut data = Vec::new();
    loop {
        let mut line = Vec::new();
        if reader.read_until(b'\n', &mut line)? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        match line.as_slice() {
            b".\r\n" => return Ok(data),
            [b'.', rest @ ..] => data.extend_from_slice(rest),
            line => data.extend_from_slice(line),
        }
    }
}
