//! How fast detection is, text by text, and how it scales. `cargo bench --bench detection [-- --patients N] [--write FOLDER]`.
//!
//! Each figure is that of the best of several runs by the wall clock, short enough that on a busy machine one of them is left
//! alone. Bars are those of the issue: MB of text a second of one core, with every detector and two million patients.
#![allow(clippy::unwrap_used, clippy::cast_precision_loss, clippy::print_stdout, clippy::format_push_string)]

mod patients;
mod texts;

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use jiff::Timestamp;
use jiff::civil::date;
use rand::SeedableRng;
use rand::rngs::SmallRng;
use vaguemestre::detect::roster::Rosters;
use vaguemestre::detect::{Context, Detectors, detect};
use vaguemestre::model::{Boundary, Cell, Masked, Place, Region, Segment};
use vaguemestre::roster::{Builder, Export, Index, Roster, Secret, Secrets};

/// Bars of issue 3, in MB/s and milliseconds.
const OVERALL: f64 = 200.0;
const PLAIN: f64 = 1000.0;
const MAIL: f64 = 0.2;
const WORST: f64 = 3.0;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let after = |name: &str| {
        arguments.iter().position(|argument| argument == name).and_then(|at| arguments.get(at + 1))
    };
    if let Some(folder) = after("--write") {
        return write(Path::new(folder));
    }
    let rows = after("--patients").and_then(|rows| rows.parse().ok()).unwrap_or(2_000_000);
    let bench = Bench { bytes: 64 << 10, runs: 60 };
    let start = Instant::now();
    let bare = compiled(|_| true);
    println!("rules and lists compiled in {:.0} ms", start.elapsed().as_secs_f64() * 1e3);
    println!("{} of text each, best of {} runs, MB/s of one core", size(bench.bytes), bench.runs);
    println!("\nwithout a roster");
    bench.classes(&bare);
    let detectors = rostered(&bare, rows);
    println!("\nwith {rows} patients");
    let mean = bench.classes(&detectors);
    bench.crafted(&detectors, mean);
    bench.mail(&detectors);
    bench.rosters(&bare, rows);
    bench.rules(&bare);
    bench.sizes(&detectors);
    bench.cores(&detectors);
}

/// The detectors with a roster of invented patients.
fn rostered(detectors: &Detectors, rows: u64) -> Detectors {
    let mut random = SmallRng::seed_from_u64(20_261_129);
    let surnames = patients::Ranks::new(patients::SURNAMES, 12.0, 0.8);
    let given = patients::Ranks::new(patients::GIVEN, 6.0, 0.9);
    let columns = Export::header(b"dossier,nom,prenom,nom_marie,date_naissance,nam").unwrap();
    let secret = Secret::new([7; 32]);
    let mut builder = Builder::new(Roster::Patients, &secret, [9; 32], Timestamp::UNIX_EPOCH);
    let mut text = String::new();
    for row in 0..rows {
        text.clear();
        patients::line(&mut text, row, &surnames, &given, &mut random);
        builder.push(&columns.read(text.trim_end().as_bytes()).unwrap().unwrap().person);
    }
    let index = Index::open(builder.finish(), &Secrets::from([secret])).unwrap();
    detectors.with_rosters(Rosters { patients: Some(Arc::new(index)), staff: None })
}

struct Bench {
    bytes: usize,
    runs: usize,
}

impl Bench {
    /// Ordinary texts; gives the speed over all of them that hold digits and capitals.
    fn classes(&self, detectors: &Detectors) -> f64 {
        let (mut bytes, mut time) = (0, 0.0);
        for (name, text, bar) in ordinary(self.bytes) {
            let best = self.report(name, detectors, &[body(&text)], text.len(), bar);
            if bar == OVERALL {
                bytes += text.len();
                time += best;
            }
        }
        let table = cells(&texts::figures(self.bytes));
        let length = table.iter().map(|cell| cell.text.reveal().len()).sum();
        self.report("figures in cells", detectors, &table, length, OVERALL);
        let mean = bytes as f64 / 1e6 / time;
        println!("{:26} {mean:8.1} MB/s   bar {OVERALL}", "all with digits, capitals");
        mean
    }

    fn crafted(&self, detectors: &Detectors, mean: f64) {
        println!("\ncrafted, against a mean of {mean:.1} MB/s (bar: {WORST} times slower)");
        let mut worst = ("", 0.0);
        for (name, unit) in texts::CRAFTED {
            let text = unit.repeat(self.bytes / 4 / unit.len() + 1);
            let best = self.report(name, detectors, &[body(&text)], text.len(), mean / WORST);
            let ratio = mean / (text.len() as f64 / 1e6 / best);
            if ratio > worst.1 {
                worst = (name, ratio);
            }
        }
        println!("worst: {} at {:.1} times the mean cost", worst.0, worst.1);
    }

    fn mail(&self, detectors: &Detectors) {
        let text = texts::mail(8 << 10);
        let segment = [body(&text)];
        let best = best(self.runs * 10, || _ = detect(detectors, &segment, &context()));
        println!("\nmail of 8 KiB: {:.3} ms   bar {MAIL} ms", best * 1e3);
    }

    /// How the number of patients bears on it.
    fn rosters(&self, bare: &Detectors, rows: u64) {
        println!("\npatients in the roster");
        let text = texts::mail(self.bytes);
        self.report("none", bare, &[body(&text)], text.len(), OVERALL);
        for rows in [rows / 100, rows / 10, rows] {
            let detectors = rostered(bare, rows);
            self.report(&rows.to_string(), &detectors, &[body(&text)], text.len(), OVERALL);
        }
    }

    /// How the number of rules and of listed words bears on it.
    fn rules(&self, all: &Detectors) {
        println!("\nrules and lists");
        let text = texts::mail(self.bytes);
        let segment = [body(&text)];
        let half = compiled(|line| !line.is_multiple_of(2));
        for (name, detectors) in [("all", all), ("half of the rules", &half)] {
            self.report(name, detectors, &segment, text.len(), OVERALL);
        }
    }

    /// How the length of a text bears on it: the speed stays.
    fn sizes(&self, detectors: &Detectors) {
        println!("\nlength of one text");
        for share in [64, 16, 4, 1] {
            let text = texts::mail(self.bytes / share);
            self.report(&size(text.len()), detectors, &[body(&text)], text.len(), OVERALL);
        }
        let line = texts::mail(self.bytes).replace('\n', " ");
        self.report("one line", detectors, &[body(&line)], line.len(), OVERALL);
    }

    /// How many threads bear on it, by the wall clock: nothing is shared but the rules.
    fn cores(&self, detectors: &Detectors) {
        println!(
            "\nthreads, by the wall clock ({} processors)",
            std::thread::available_parallelism().map_or(1, usize::from)
        );
        let text = texts::mail(self.bytes);
        for threads in [1_usize, 2] {
            let best = (0..self.runs).map(|_| {
                let start = Instant::now();
                std::thread::scope(|scope| {
                    for _ in 0..threads {
                        scope.spawn(|| detect(detectors, &[body(&text)], &context()));
                    }
                });
                start.elapsed()
            });
            let best = best.min().unwrap_or_default().as_secs_f64();
            println!("{threads:26} {:8.1} MB/s", (text.len() * threads) as f64 / 1e6 / best);
        }
    }

    /// Prints the speed on a text; gives the best time in seconds.
    fn report(&self, name: &str, detectors: &Detectors, segments: &[Segment], bytes: usize, bar: f64) -> f64 {
        let mut found = 0;
        let best = best(self.runs, || found = detect(detectors, segments, &context()).findings.len());
        let speed = bytes as f64 / 1e6 / best;
        println!("{name:26} {speed:8.1}   bar {bar:6.1}   {found} findings");
        best
    }
}

/// The shortest time of some runs, in seconds.
fn best(runs: usize, mut run: impl FnMut()) -> f64 {
    let times = (0..runs).map(|_| {
        let start = Instant::now();
        run();
        start.elapsed().as_secs_f64()
    });
    times.fold(f64::MAX, f64::min)
}

fn ordinary(bytes: usize) -> Vec<(&'static str, String, f64)> {
    vec![
        ("mail", texts::mail(bytes), OVERALL),
        ("figures", texts::figures(bytes), OVERALL),
        ("log", texts::log(bytes), OVERALL),
        ("markup", texts::markup(bytes), OVERALL),
        ("mail about patients", texts::patients(bytes), OVERALL),
        ("no digit, no capital", texts::lower_case(bytes, false), PLAIN),
        ("the same with accents", texts::lower_case(bytes, true), PLAIN),
    ]
}

/// Writes the texts into a folder, for the peers.
fn write(folder: &Path) {
    fs::create_dir_all(folder).unwrap();
    for (name, text, _) in ordinary(1 << 20) {
        fs::write(folder.join(format!("{}.txt", name.replace([' ', ','], "-"))), text).unwrap();
    }
}

fn size(bytes: usize) -> String {
    if bytes < 1 << 20 { format!("{} KiB", bytes >> 10) } else { format!("{} MiB", bytes >> 20) }
}

fn context() -> Context {
    Context { date: date(2026, 1, 15), sender: None, recipients: Vec::new(), display_names: Vec::new() }
}

fn body(text: &str) -> Segment {
    Segment {
        place: Place { part: "1".to_owned(), ..Place::default() },
        region: Region::Body,
        cell: None,
        text: Masked::new(text),
        offset: 0,
        boundary: Boundary::Part,
    }
}

/// The cells of a text whose rows are lines and whose columns are parted by tabs.
fn cells(text: &str) -> Vec<Segment> {
    let rows = (0..).zip(text.lines()).flat_map(|(row, line)| {
        (0..).zip(line.split('\t')).map(move |(column, text)| {
            let boundary = if column == 0 { Boundary::Row } else { Boundary::Cell };
            Segment {
                region: Region::Cell,
                cell: Some(Cell { table: 0, row, column }),
                boundary,
                ..body(text)
            }
        })
    });
    rows.collect()
}

/// The rules that ship, those whose number in their file is wanted.
fn compiled(wanted: impl Fn(usize) -> bool) -> Detectors {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("patterns");
    let mut rules = files(&root, "toml");
    for (_, text) in &mut rules {
        let parts: Vec<String> = text.split("[[rule]]").map(str::to_owned).collect();
        let kept = parts.iter().enumerate().skip(1).filter(|(number, _)| wanted(*number));
        let kept: String = kept.map(|(_, rule)| format!("[[rule]]{rule}")).collect();
        *text = parts.first().cloned().unwrap_or_default() + &kept;
    }
    Detectors::compile(&rules, &files(&root.join("lexicons"), "txt"))
        .unwrap_or_else(|errors| panic!("{errors}"))
}

fn files(folder: &Path, ending: &str) -> Vec<(String, String)> {
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = paths
        .filter(|path| path.extension().is_some_and(|other| other == ending))
        .map(|path| {
            (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read_to_string(&path).unwrap())
        })
        .collect();
    files.sort();
    files
}
