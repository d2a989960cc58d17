//! Debian's Chromium, driven over WebDriver (<https://www.w3.org/TR/webdriver2/>): plain HTTP with JSON, on loopback.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use super::ports::free_port;
use super::process::{Owned, wait_for};

/// A browser window without a screen. Ends with the value.
pub struct Browser {
    port: u16,
    session: String,
    _driver: Owned,
}

/// How a page is looked at.
#[derive(Clone, Copy, Debug)]
pub struct View {
    pub width: u32,
    pub dark: bool,
}

impl Browser {
    /// Opens a window. A script runs in no page: the pages work without.
    pub fn open() -> Self {
        let port = free_port();
        let mut driver = Command::new("chromedriver");
        driver.arg(format!("--port={port}")).stdout(Stdio::null()).stderr(Stdio::null());
        let driver = Owned(driver.spawn().expect("chromedriver is installed (tests/support/packages.sh)"));
        wait_for("chromedriver", || TcpStream::connect(("127.0.0.1", port)).ok());
        let arguments = [
            "--headless=new",
            "--no-sandbox",
            "--disable-dev-shm-usage",
            "--disable-gpu",
            "--hide-scrollbars",
        ];
        let options = json!({ "args": arguments, "binary": "/usr/bin/chromium" });
        // On a busy machine a look at a page takes longer than the driver's own half a minute.
        let patience = json!({ "script": 300_000, "pageLoad": 300_000 });
        let wanted = json!({ "capabilities": { "alwaysMatch": {
            "browserName": "chrome", "goog:chromeOptions": options, "timeouts": patience
        } } });
        let mut browser = Self { port, session: String::new(), _driver: driver };
        let opened = browser.ask("POST", "/session", &wanted);
        browser.session = opened["sessionId"].as_str().expect("a session").to_owned();
        browser
    }

    /// Opens an address.
    pub fn go(&self, url: &str) {
        self.command("url", &json!({ "url": url }));
    }

    /// The address shown.
    pub fn url(&self) -> String {
        self.ask("GET", &format!("/session/{}/url", self.session), &Value::Null).as_str().unwrap().to_owned()
    }

    /// Sets width and colour scheme.
    pub fn view(&self, view: View) {
        let size = json!({ "width": view.width, "height": 900, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", &size);
        let scheme = if view.dark { "dark" } else { "light" };
        let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.devtools("Emulation.setEmulatedMedia", &media);
    }

    /// Types into a field.
    pub fn type_into(&self, css: &str, text: &str) {
        let element = self.find(css);
        self.command(&format!("element/{element}/value"), &json!({ "text": text }));
    }

    /// Clicks on what a selector finds first; the page stays.
    pub fn click(&self, css: &str) {
        let element = self.find(css);
        self.command(&format!("element/{element}/click"), &json!({}));
    }

    /// Clicks on what sends a form, and waits for the page that answers: the driver itself waits for a slow answer (a
    /// password is being hashed) only at times.
    pub fn submit(&self, css: &str) {
        self.script("document.documentElement.dataset.left = 'yes'");
        self.click(css);
        let arrived = "return document.documentElement.dataset.left === undefined && document.readyState === 'complete'";
        let path = format!("/session/{}/execute/sync", self.session);
        let body = json!({ "script": arrived, "args": [] });
        // Between two pages there is none to run a script: that is an error, and not yet.
        wait_for("the page that answers", || {
            (self.try_ask("POST", &path, &body) == json!(true)).then_some(())
        });
    }

    /// The text that a person sees.
    pub fn text(&self) -> String {
        self.script("return document.body.innerText").as_str().unwrap().to_owned()
    }

    /// Runs a script, as the test, not as the page.
    pub fn script(&self, script: &str) -> Value {
        self.command("execute/sync", &json!({ "script": script, "args": [] }))
    }

    /// What axe-core finds wrong with the page: rule and place.
    pub fn axe(&self, source: &str) -> Vec<String> {
        self.script(source);
        let run = "const done = arguments[0]; \
             axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })\
             .then(found => done(found.violations.map(it => it.id + ' ' + it.nodes.map(node => node.target.join(' ') + ' ' + node.failureSummary).join(' | '))), \
             error => done(['axe: ' + error]))";
        let found = self.command("execute/async", &json!({ "script": run, "args": [] }));
        found.as_array().unwrap().iter().map(|it| it.as_str().unwrap().to_owned()).collect()
    }

    /// How far the page is wider than its window, in CSS pixels.
    pub fn overflow(&self) -> i64 {
        let script = "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
        self.script(script).as_i64().unwrap()
    }

    /// Addresses of everything that the page fetched.
    pub fn fetched(&self) -> Vec<String> {
        let script = "return performance.getEntriesByType('resource').map(it => it.name)";
        self.script(script).as_array().unwrap().iter().map(|it| it.as_str().unwrap().to_owned()).collect()
    }

    /// Keeps a picture of the whole page.
    pub fn picture(&self, path: &Path) {
        let taken = self
            .devtools("Page.captureScreenshot", &json!({ "format": "png", "captureBeyondViewport": true }));
        let bytes = data_encoding::BASE64.decode(taken["data"].as_str().unwrap().as_bytes()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    /// Prints the page on letter paper, as a person here would to a file: the text of each sheet.
    pub fn print(&self, path: &Path) -> Vec<String> {
        let paper = json!({ "paperWidth": 8.5, "paperHeight": 11.0, "preferCSSPageSize": true });
        let printed = self.devtools("Page.printToPDF", &paper);
        let bytes = data_encoding::BASE64.decode(printed["data"].as_str().unwrap().as_bytes()).unwrap();
        std::fs::write(path, bytes).unwrap();
        let text = Command::new("pdftotext").arg(path).arg("-").output().expect("pdftotext is installed");
        let text = String::from_utf8(text.stdout).unwrap();
        text.trim_end_matches('\u{c}').split('\u{c}').map(str::to_owned).collect()
    }

    fn devtools(&self, command: &str, parameters: &Value) -> Value {
        self.command("goog/cdp/execute", &json!({ "cmd": command, "params": parameters }))
    }

    fn find(&self, css: &str) -> String {
        let found = self.command("element", &json!({ "using": "css selector", "value": css }));
        let (_, id) = found.as_object().unwrap().iter().next().unwrap();
        id.as_str().unwrap_or_else(|| panic!("{css} is not on the page: {}", self.text())).to_owned()
    }

    fn command(&self, name: &str, body: &Value) -> Value {
        self.ask("POST", &format!("/session/{}/{name}", self.session), body)
    }

    fn ask(&self, method: &str, path: &str, body: &Value) -> Value {
        let value = self.try_ask(method, path, body);
        assert!(value.get("error").is_none(), "{method} {path}: {value}");
        value
    }

    /// What the driver answers, an error too.
    fn try_ask(&self, method: &str, path: &str, body: &Value) -> Value {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(330))).unwrap();
        write!(stream, "{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n").unwrap();
        write!(stream, "Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}", body.len())
            .unwrap();
        let answer = read_answer(&mut stream);
        let answer: Value = serde_json::from_str(&answer).unwrap_or_else(|_| panic!("not JSON: {answer}"));
        answer["value"].clone()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.ask("DELETE", &format!("/session/{}", self.session), &Value::Null);
        }
    }
}

/// The body of an answer, by its Content-Length: the driver may keep the connection open.
fn read_answer(stream: &mut TcpStream) -> String {
    let (mut bytes, mut buffer) = (Vec::new(), [0; 65_536]);
    loop {
        let text = String::from_utf8_lossy(&bytes);
        if let Some((head, _)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| {
                line.to_ascii_lowercase()
                    .strip_prefix("content-length:")
                    .map(|it| it.trim().parse::<usize>().unwrap())
            });
            if bytes.len() >= head.len() + 4 + length.unwrap_or(usize::MAX / 2) {
                break;
            }
        }
        match stream.read(&mut buffer).unwrap() {
            0 => break,
            read => bytes.extend_from_slice(&buffer[..read]),
        }
    }
    let text = String::from_utf8(bytes).unwrap();
    text.split_once("\r\n\r\n").map(|(_, body)| body.to_owned()).unwrap_or_default()
}
