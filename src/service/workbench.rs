//! Settings, rules and reader joined, for the service and for commands that judge offline.

use std::path::Path;
use std::sync::Arc;

use super::InForce;
use super::rosters::{Files, Taken, take};
use super::startable::startable;
use crate::config::rosters::{self, RosterError};
use crate::config::{self, Assets, ConfigError};
use crate::detect::Detectors;
use crate::detect::roster::Rosters;
use crate::inspect::Rules;
use crate::model::settings::Settings;
use crate::model::{Fault, Faults};
use crate::plan::FailOpen;
use crate::ports::Extractor;
use crate::recipients::Lists;
use crate::roster::Roster;
use crate::sandbox::{Program, Workers};

/// Why rules could not be put in force. Each says where and what to do.
#[derive(Debug, thiserror::Error)]
pub enum RulesError {
    /// The configuration, the policy, or a file they name.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// Detection rules, lexicons, or a file that was named on the command line.
    #[error(transparent)]
    Files(#[from] Faults),
    /// A roster.
    #[error(transparent)]
    Roster(#[from] RosterError),
}

impl RulesError {
    /// The faults, when it is files that are wrong.
    #[must_use]
    pub fn faults(&self) -> Option<&[Fault]> {
        match self {
            Self::Files(Faults(faults)) | Self::Config(ConfigError::Faults(Faults(faults))) => Some(faults),
            Self::Config(_) | Self::Roster(_) => None,
        }
    }
}

/// Everything needed to judge.
#[derive(Debug)]
pub struct Workbench {
    settings: Settings,
    rules: Rules,
    assets: Assets,
    extractor: Arc<Workers>,
    roster_troubles: Vec<RosterError>,
    roster_files: Files,
}

impl Workbench {
    /// Loads configuration, policy, patterns and lists.
    ///
    /// # Errors
    /// [`RulesError`] with file, line and column when one of them does not load.
    pub fn open(config: Option<&Path>) -> Result<Self, RulesError> {
        let settings = config::load(config)?;
        let assets = config::assets(&settings)?;
        let lists = config::lists(&assets)?;
        Self::joined(settings, assets, lists)
    }

    /// The same, where the service could start as well with what the configuration names: sockets, keys, certificates, secrets.
    ///
    /// # Errors
    /// [`RulesError`] with file, line and column.
    pub fn startable(config: Option<&Path>) -> Result<Self, RulesError> {
        let bench = Self::open(config)?;
        startable(config, &bench.settings)?;
        Ok(bench)
    }

    /// The same, with the recipient lists of a JSON file in place of the configured ones.
    ///
    /// # Errors
    /// [`RulesError`] with file, line and column when one of them does not load.
    pub fn with_lists(config: Option<&Path>, lists: &Path) -> Result<Self, RulesError> {
        let settings = config::load(config)?;
        let assets = config::assets(&settings)?;
        let lists = Lists::from_json(&lists.display().to_string(), &config::read(lists)?)?;
        Self::joined(settings, assets, lists)
    }

    fn joined(settings: Settings, assets: Assets, lists: Lists) -> Result<Self, RulesError> {
        let policy = config::policy(&settings, &assets)?;
        let detectors = Detectors::with_local(&assets.patterns, &assets.lexicons, &assets.local)?;
        let extractor = Arc::new(Workers::new(Program::this(), &settings));
        let rules = Rules::new(detectors, policy, lists);
        Ok(Self {
            rules,
            settings,
            assets,
            extractor,
            roster_troubles: Vec::new(),
            roster_files: Files::new(),
        })
    }

    /// The same, with the settings of the start where a change waits for the next one.
    #[must_use]
    pub fn started_with(self, start: &Settings) -> Self {
        Self { settings: self.settings.started_with(start), ..self }
    }

    /// The same with the rosters that the settings name. In place of one that does not open stays the one of `before`, and
    /// [`Workbench::roster_troubles`] tells why: an export that went wrong at night takes nobody off the roster.
    #[must_use]
    pub fn with_configured_rosters(mut self, before: &Rosters) -> Self {
        let Taken { rosters, troubles, files } = take(&self.settings.roster, before);
        self.rules = self.rules.with_rosters(rosters);
        (self.roster_troubles, self.roster_files) = (troubles, files);
        self
    }

    /// The same with another index of patients.
    ///
    /// # Errors
    /// [`RosterError`] when it does not open.
    pub fn with_patients(mut self, index: &Path, key: Option<&Path>) -> Result<Self, RosterError> {
        let key = key.or(self.settings.roster.key.as_deref());
        let patients = Some(Arc::new(rosters::open(index, key, Roster::Patients)?));
        let staff = self.rules.detectors().rosters().staff.clone();
        self.rules = self.rules.with_rosters(Rosters { patients, staff });
        Ok(self)
    }

    /// The same with the staff directory's index of its own.
    ///
    /// # Errors
    /// [`RosterError`] when it does not open.
    pub fn with_staff(mut self, index: &Path, key: Option<&Path>) -> Result<Self, RosterError> {
        let key = key.or(self.settings.roster.key.as_deref());
        let staff = Some(Arc::new(rosters::open(index, key, Roster::Staff)?));
        let patients = self.rules.detectors().rosters().patients.clone();
        self.rules = self.rules.with_rosters(Rosters { patients, staff });
        Ok(self)
    }

    /// Why configured rosters are not used.
    #[must_use]
    pub fn roster_troubles(&self) -> &[RosterError] {
        &self.roster_troubles
    }

    /// The settings.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The texts the rules were made of.
    #[must_use]
    pub fn assets(&self) -> &Assets {
        &self.assets
    }

    /// The rules.
    #[must_use]
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// The reader, with what starts and ends its processes.
    #[must_use]
    pub fn workers(&self) -> &Workers {
        &self.extractor
    }

    /// The reader.
    #[must_use]
    pub fn extractor(&self) -> &dyn Extractor {
        self.extractor.as_ref()
    }

    /// Puts it all in force.
    #[must_use]
    pub fn in_force(self) -> InForce {
        let fail_open = FailOpen::granted(self.settings.judging.on_failure, self.rules.policy());
        let roster_troubles = self.roster_troubles.iter().map(ToString::to_string).collect();
        let (rules, extractor, settings) = (self.rules, self.extractor, self.settings);
        let (lexicons, roster_files) = (self.assets.lexicons, self.roster_files);
        InForce { rules, extractor, lexicons, settings, fail_open, roster_troubles, roster_files }
    }
}
