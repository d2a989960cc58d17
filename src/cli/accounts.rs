//! `vaguemestre accounts`: who may sign in to the pages. The first account is made here; nobody can make one from outside.

use std::io::{BufRead, Write, stdin, stdout};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, bail, ensure};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand};
use jiff::Timestamp;

use crate::config;
use crate::model::Address;
use crate::ports::{Account, By, Grant, Store};
use crate::review::{Role, is_shared};
use crate::store::{self, Access, Opening};
use crate::web::code_image::CodeImage;
use crate::web::secrets::{Fresh, SHORTEST, fresh};
use crate::web::totp;

/// Open, change and close the accounts of the pages. One person, one account: shared ones are refused (MSSS-ORI09).
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  vaguemestre accounts create-admin mtremblay --name \"Marie Tremblay\"
  vaguemestre accounts create jroy --name \"Jean Roy\" --role archivist --address jroy@cisss.example
  vaguemestre accounts create lgagnon --name \"Lise Gagnon\" --role approver --address lgagnon@cisss.example --department dsp.cisss.example
  vaguemestre accounts address jroy jean.roy@cisss.example
  vaguemestre accounts renew jroy      new password, codes and key for someone who lost theirs
  vaguemestre accounts close jroy

A password, a key for the authenticator application and 10 recovery codes are printed once. Hand them over in
person; the password is changed at the first sign-in. With --password-stdin the password is read instead.")]
pub struct Accounts {
    #[command(subcommand)]
    command: Command,
    /// Name written in the audit trail; by default the name of who is logged in.
    #[arg(long = "as", global = true, value_name = "NAME")]
    actor: Option<String>,
    /// Read the password from the first line of standard input: for one's own account.
    #[arg(long, global = true)]
    password_stdin: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Open an account with the role `admin`: the first one.
    CreateAdmin(Person),
    /// Open an account.
    Create {
        #[command(flatten)]
        person: Person,
        #[command(flatten)]
        grant: Granted,
    },
    /// Replace the roles of an account.
    Grant {
        /// Name they sign in with.
        login: String,
        #[command(flatten)]
        grant: Granted,
    },
    /// Set the mail address of an account: digests and alerts go there, and nobody decides on a message of their own.
    Address {
        /// Name they sign in with.
        login: String,
        /// Their own mail address.
        address: String,
    },
    /// Replace password, key and recovery codes; ends every session.
    Renew {
        /// Name they sign in with.
        login: String,
    },
    /// Close an account; ends every session.
    Close {
        /// Name they sign in with.
        login: String,
    },
    /// List accounts.
    List,
}

#[derive(Debug, Args)]
struct Person {
    /// Name to sign in with: lower-case letters, digits, dot, hyphen.
    login: String,
    /// Name of the person.
    #[arg(long, value_name = "NAME")]
    name: String,
    /// Their own mail address, for digests and alerts; nobody decides on a message of their own. Asked for with the roles
    /// archivist, approver and compliance.
    #[arg(long, value_name = "ADDR")]
    address: Option<String>,
}

#[derive(Debug, Args)]
struct Granted {
    /// A role; repeat for several.
    #[arg(long, required = true, value_parser = roles())]
    role: Vec<Role>,
    /// Only for what this domain sends; repeat for several.
    #[arg(long, value_name = "DOMAIN")]
    department: Vec<String>,
}

fn roles() -> impl TypedValueParser<Value = Role> {
    PossibleValuesParser::new(Role::ALL.map(Role::name))
        .try_map(|name| Role::from_name(&name).ok_or("no such role"))
}

impl Accounts {
    /// Runs the command.
    pub fn run(&self, config: Option<&Path>) -> Result<ExitCode> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(self.carry_out(config))?;
        Ok(ExitCode::SUCCESS)
    }

    async fn carry_out(&self, config: Option<&Path>) -> Result<()> {
        let settings = config::load(config)?;
        let opening = Opening::new(&settings.store, settings.relay.group_warnings, Access::Review);
        let store = store::open(&opening).await?;
        let actor = self.actor()?;
        let by = By { actor: &actor, at: Timestamp::now() };
        match &self.command {
            Command::CreateAdmin(person) => {
                let grants = vec![Grant { role: Role::Admin, department: None }];
                self.create(store.as_ref(), person, grants, by).await?;
            }
            Command::Create { person, grant } => {
                has_address(&person.login, &grant.role, person.address.as_deref())?;
                self.create(store.as_ref(), person, grant.all(), by).await?;
            }
            Command::Grant { login, grant } => {
                let known = store.account(login).await?.and_then(|account| account.address);
                has_address(login, &grant.role, known.as_deref())?;
                store.grant(login, &grant.all(), by).await?;
            }
            Command::Address { login, address } => {
                store.set_address(login, &Address::parse(address)?, by).await?;
            }
            Command::Renew { login } => {
                let account = store.account(login).await?;
                ensure!(
                    !account.is_some_and(|it| it.federated),
                    "{login} signs in with the establishment's own service: no password is kept here"
                );
                let fresh = self.fresh()?;
                store.renew_secrets(login, &fresh.secrets, by).await?;
                print(login, &fresh)?;
            }
            Command::Close { login } => store.close_account(login, by).await?,
            Command::List => list(&store.accounts().await?)?,
        }
        Ok(())
    }

    async fn create(&self, store: &dyn Store, person: &Person, grants: Vec<Grant>, by: By<'_>) -> Result<()> {
        let login = named(&person.login)?;
        let address = person.address.as_deref().map(Address::parse).transpose()?.map(|it| it.reveal());
        let fresh = self.fresh()?;
        let account = Account {
            login: login.clone(),
            name: person.name.trim().to_owned(),
            address,
            grants,
            created_at: by.at,
            seen_at: None,
            closed: false,
            must_change: fresh.secrets.must_change,
            locked_until: None,
            federated: false,
        };
        store.open_account(&account, &fresh.secrets, by).await?;
        print(&login, &fresh)
    }

    fn fresh(&self) -> Result<Fresh> {
        if !self.password_stdin {
            return Ok(fresh(None)?);
        }
        let mut line = String::new();
        stdin().lock().read_line(&mut line)?;
        let password = line.trim_end_matches(['\r', '\n']);
        ensure!(password.chars().count() >= SHORTEST, "a password needs at least {SHORTEST} characters");
        Ok(fresh(Some(password))?)
    }

    fn actor(&self) -> Result<String> {
        let login = || ["SUDO_USER", "LOGNAME", "USER"].iter().find_map(|name| std::env::var(name).ok());
        let name = self.actor.clone().or_else(login).filter(|name| !name.trim().is_empty());
        name.context("say who does this: --as NAME")
    }
}

impl Granted {
    /// Every role over every department named; over all when none is.
    fn all(&self) -> Vec<Grant> {
        let departments: Vec<Option<String>> = match self.department.as_slice() {
            [] => vec![None],
            named => named.iter().map(|it| Some(it.to_ascii_lowercase())).collect(),
        };
        let over = |role| departments.iter().map(move |it| Grant { role, department: it.clone() });
        self.role.iter().flat_map(|role| over(*role)).collect()
    }
}

/// Refuses a role that is written to without an address: its digests and alerts would go nowhere, in silence.
fn has_address(login: &str, roles: &[Role], address: Option<&str>) -> Result<()> {
    let written_to = roles.iter().find(|role| role.is_written_to());
    if let (Some(role), None) = (written_to, address) {
        bail!(
            "{login}: the role {} needs --address: digests and alerts go there, and nobody decides on a message of their own \
             (for an account that exists: vaguemestre accounts address {login} ADDRESS)",
            role.name()
        );
    }
    Ok(())
}

/// A login that names one person.
fn named(login: &str) -> Result<String> {
    let login = login.trim().to_ascii_lowercase();
    let plain = login.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-'));
    ensure!(
        plain && (3..=64).contains(&login.len()),
        "a login has 3 to 64 lower-case letters, digits, dots and hyphens"
    );
    if is_shared(&login) {
        bail!("{login} names a function, not a person: shared accounts are refused (MSSS-ORI09)");
    }
    Ok(login)
}

/// Prints what the person needs, once.
fn print(login: &str, fresh: &Fresh) -> Result<()> {
    let mut out = stdout().lock();
    let key = fresh.secrets.totp.reveal();
    writeln!(out, "login      {login}")?;
    if fresh.secrets.must_change {
        writeln!(out, "password   {}   (to be changed at the first sign-in)", fresh.password.reveal())?;
    }
    writeln!(out, "key        {key}   (authenticator application: time-based, 6 digits, 30 s, SHA-1)")?;
    writeln!(out, "           {}", totp::uri(login, key))?;
    for line in CodeImage::of(&totp::uri(login, key)).iter().flat_map(CodeImage::lines) {
        writeln!(out, "           {line}")?;
    }
    for code in &fresh.recovery {
        writeln!(out, "recovery   {}", code.reveal())?;
    }
    Ok(writeln!(out, "Shown once. Hand it over in person, then destroy it.")?)
}

fn list(accounts: &[Account]) -> Result<()> {
    let mut out = stdout().lock();
    for account in accounts {
        let over = |grant: &Grant| match &grant.department {
            Some(department) => format!("{}@{department}", grant.role.name()),
            None => grant.role.name().to_owned(),
        };
        let grants = account.grants.iter().map(over).collect::<Vec<_>>().join(",");
        let state = if account.closed { "closed" } else { "open" };
        let seen = account.seen_at.map_or_else(|| "never".to_owned(), |at| format!("{at:.0}"));
        let lacks =
            if account.lacks_address() { "   (no address: vaguemestre accounts address)" } else { "" };
        writeln!(out, "{:<20} {state:<7} {seen:<21} {grants}{lacks}", account.login)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{has_address, named};
    use crate::review::Role;

    /// "gets no digest, the CSIO no alert, and nothing warns".
    #[test]
    fn who_is_written_to_has_an_address() {
        for role in Role::ALL {
            let asked = matches!(role, Role::Archivist | Role::Approver | Role::Compliance);
            assert_eq!(has_address("jroy", &[Role::Admin, role], None).is_err(), asked, "{role:?}");
            assert!(has_address("jroy", &[role], Some("jroy@cisss.example")).is_ok());
        }
        let told = has_address("jroy", &[Role::Archivist], None).unwrap_err().to_string();
        assert!(told.contains("--address") && told.contains("archivist"), "{told}");
    }

    /// "Generic accounts (ORI09) cannot hold any of these roles."
    #[test]
    fn a_login_names_a_person() {
        for (login, good) in [
            ("mtremblay", true),
            ("Jean.Roy", true),
            ("archives", false),
            ("accueil-clsc", false),
            ("jo", false),
            ("a b c", false),
        ] {
            assert_eq!(named(login).is_ok(), good, "{login}");
        }
    }
}
