//! `vaguemestre roster build`: an export in, a keyed index out.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write as _;
use std::io::{BufRead, BufReader, Read};
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result, bail};
use clap::Args;
use jiff::Timestamp;

use crate::config::{self, rosters};
use crate::roster::{Builder, Export, Fault, LONGEST_ROW, Roster, Secrets};

/// Make the keyed index of an export of patients, or of the staff directory.
///
/// The export is text with one row a person, comma, semicolon or tab between fields, UTF-8 or windows-1252. Its first row
/// names the columns: `dossier,nom,prenom,date_naissance,nam`; also `nom_marie`, `alias`, `telephone`, `code_postal`; others are
/// ignored. A row that cannot be used is told by its line and skipped. The index holds no clear value; it replaces the one
/// before only once it is whole.
#[derive(Debug, Args)]
pub struct Build {
    /// Export of patients; `-` for standard input.
    #[arg(long, value_name = "FILE", required_unless_present = "staff", conflicts_with = "staff")]
    input: Option<PathBuf>,
    /// Staff directory (`nom,prenom`) in place of patients; `-` for standard input.
    #[arg(long, value_name = "FILE")]
    staff: Option<PathBuf>,
    /// Index to write.
    #[arg(long, value_name = "FILE")]
    output: PathBuf,
    /// Key file; without it, the configured one, else one beside the index, made when there is none.
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// Take any row that cannot be used for an error: nothing is written.
    #[arg(long)]
    strict: bool,
    /// Refuse an export that was last written longer ago than this, such as `36 h` or `2 days`: it is not last night's.
    #[arg(long, value_name = "SPAN", value_parser = config::span)]
    max_age: Option<Duration>,
}

/// Faults told one by one, for each reason; the rest is counted.
const TOLD: u64 = 10;
/// Of this many rows, a third that cannot be used mean that the export itself is wrong: nothing is written.
const MANY: u64 = 100;

impl Build {
    /// Runs the command.
    pub fn run(&self, config: Option<&Path>) -> Result<ExitCode> {
        let (input, roster) = match (&self.input, &self.staff) {
            (Some(input), _) => (input, Roster::Patients),
            (None, Some(staff)) => (staff, Roster::Staff),
            (None, None) => bail!("name an export with --input or --staff"),
        };
        let (name, export) = open(input)?;
        let input = name.as_path();
        self.is_fresh(&export, input)?;
        let (secrets, made) = self.secrets(config)?;
        let secret = secrets.newest().context("the key file holds no key")?;
        let mut builder = Builder::new(roster, secret, rosters::salt()?, Timestamp::now());
        let told = read(&mut BufReader::with_capacity(1 << 20, export), input, &mut builder)?;
        told.tell(input);
        self.judge(&told, &builder, input)?;
        let (rows, repeated) = (builder.rows(), builder.repeated());
        rosters::replace(&self.output, &builder.finish())?;
        if let Some(made) = made {
            made.keep();
        }
        let shown = self.output.display();
        writeln!(
            std::io::stdout(),
            "{shown}: {rows} {roster}, {repeated} rows told again of one, {} rows skipped",
            told.skipped()
        )?;
        Ok(ExitCode::SUCCESS)
    }

    /// Refuses an export that is not of last night. What is no file (a pipe) is of now.
    fn is_fresh(&self, export: &File, input: &Path) -> Result<()> {
        let Some(most) = self.max_age else { return Ok(()) };
        let written = export.metadata().and_then(|file| file.modified());
        let age = written.ok().and_then(|at| SystemTime::now().duration_since(at).ok()).unwrap_or_default();
        if age > most {
            let hours = age.as_secs() / 3_600;
            bail!(
                "{}: the export was last written {hours} h ago, it is late; nothing was written, the index of before stays",
                input.display()
            );
        }
        Ok(())
    }

    fn judge(&self, told: &Told, builder: &Builder, input: &Path) -> Result<()> {
        let shown = input.display();
        if self.strict && !told.faults.is_empty() {
            bail!("{shown}: not every row could be used (--strict); nothing was written");
        }
        if builder.rows() == 0 {
            bail!("{shown}: the export holds no row that can be used; nothing was written");
        }
        let (used, skipped) = (u64::from(builder.rows()), told.skipped());
        if used + skipped >= MANY && skipped > used / 2 {
            bail!("{shown}: more than a third of the rows cannot be used; nothing was written");
        }
        Ok(())
    }

    /// The key given or configured; else the one beside the index, made when there is none.
    fn secrets(&self, config: Option<&Path>) -> Result<(Secrets, Option<NewKey>)> {
        let configured = if self.key.is_some() { None } else { config::load(config)?.roster.key };
        let given = self.key.as_deref().or(configured.as_deref());
        let path = rosters::key_of(&self.output, given);
        // A key that is there and closed to us is no missing key.
        if path.try_exists().with_context(|| format!("{}: the key cannot be read", path.display()))? {
            return Ok((rosters::secrets(&path)?, None));
        }
        let secrets = rosters::make_key(&path)?;
        Ok((secrets, Some(NewKey { path, beside: given.is_none(), kept: false })))
    }
}

/// A key file that was made for an index; it goes again when no index is written.
struct NewKey {
    path: PathBuf,
    /// Whether it stands beside the index, where it should not stay.
    beside: bool,
    kept: bool,
}

impl NewKey {
    /// The index is written: its key stays.
    fn keep(mut self) {
        self.kept = true;
        if self.beside {
            eprintln!(
                "vaguemestre: a key was made in {}; move it away from the index, see SECURITY.md: whoever has both can find every patient by trying",
                self.path.display()
            );
        }
    }
}

impl Drop for NewKey {
    fn drop(&mut self) {
        if !self.kept {
            // Nothing was sealed with it; one that cannot be removed is taken up by the next build.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// Rows and fields that could not be used: how many for each reason, and the lines of the first.
#[derive(Debug, Default)]
struct Told {
    faults: BTreeMap<(bool, Fault), (u64, Vec<u64>)>,
}

impl Told {
    fn note(&mut self, skipped: bool, fault: Fault, line: u64) {
        let (count, lines) = self.faults.entry((skipped, fault)).or_default();
        *count += 1;
        if *count <= TOLD {
            lines.push(line);
        }
    }

    fn skipped(&self) -> u64 {
        self.faults.iter().filter(|((skipped, _), _)| *skipped).map(|(_, (count, _))| count).sum()
    }

    fn tell(&self, input: &Path) {
        for ((skipped, fault), (count, lines)) in &self.faults {
            let then = if *skipped { "the row is skipped" } else { "the field is left out" };
            for line in lines {
                eprintln!("{}:{line}: {fault}; {then}", input.display());
            }
            if *count > TOLD {
                eprintln!("{}: {} more rows: {fault}; {then}", input.display(), count - TOLD);
            }
        }
    }
}

/// Opens an export, or standard input for `-`, with the name that it is told under.
fn open(input: &Path) -> Result<(PathBuf, File)> {
    if input.as_os_str() != "-" {
        let file = File::open(input).with_context(|| format!("{} cannot be read", input.display()))?;
        return Ok((input.to_owned(), file));
    }
    let standard = std::io::stdin().as_fd().try_clone_to_owned().context("standard input cannot be read")?;
    Ok((PathBuf::from("standard input"), File::from(standard)))
}

/// Reads an export line by line, a bounded piece at a time, into a builder.
fn read(input: &mut impl BufRead, path: &Path, builder: &mut Builder) -> Result<Told> {
    let mut line = Vec::new();
    let unreadable = || format!("{} cannot be read", path.display());
    if !next_line(input, &mut line).with_context(unreadable)? {
        bail!("{}: the export is empty; nothing was written, the index of before stays", path.display());
    }
    let export = Export::header(&line).with_context(|| format!("{}:1", path.display()))?;
    let mut told = Told::default();
    let mut number = 1;
    while next_line(input, &mut line).with_context(unreadable)? {
        number += 1;
        match export.read(&line) {
            Ok(None) => {}
            Ok(Some(row)) => {
                row.left_out.into_iter().for_each(|fault| told.note(false, fault, number));
                builder.push(&row.person);
            }
            Err(fault) => told.note(true, fault, number),
        }
    }
    Ok(told)
}

/// Reads one line without its end. Of a line too long to be a row, the rest is skipped.
fn next_line(input: &mut impl BufRead, line: &mut Vec<u8>) -> std::io::Result<bool> {
    line.clear();
    let most = u64::try_from(LONGEST_ROW).unwrap_or(u64::MAX) + 2;
    if input.by_ref().take(most).read_until(b'\n', line)? == 0 {
        return Ok(false);
    }
    if line.last() == Some(&b'\n') {
        line.pop();
    } else if line.len() > LONGEST_ROW {
        input.skip_until(b'\n')?;
    }
    if line.last() == Some(&b'\r') {
        line.pop();
    }
    Ok(true)
}
