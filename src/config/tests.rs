//! Settings: what is embedded, what is refused and how, and the sample that cannot rot.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use proptest::prelude::*;

use super::{ConfigError, assets, lists, parse, policy, sample};
use crate::model::settings::{Listen, Settings};
use crate::model::{Address, ArticleId, Class, Mode};

const STATE: &str = "/var/lib/vaguemestre";

fn parsed(text: &str) -> Settings {
    parse("x.toml", text, Path::new(STATE)).unwrap_or_else(|error| panic!("{error}"))
}

fn refused(text: &str) -> String {
    match parse("x.toml", text, Path::new(STATE)) {
        Ok(_) => panic!("accepted:\n{text}"),
        Err(error) => error.to_string(),
    }
}

/// "Defaults: milter `inet:127.0.0.1:8891`, review `http://127.0.0.1:8892`"; "`serve` without
/// configuration observes".
#[test]
fn nothing_at_all_is_a_working_configuration() {
    let settings = parsed("");
    let milter: SocketAddr = "127.0.0.1:8891".parse().unwrap();
    assert_eq!(settings.milter.listen, [Listen::Tcp(milter)]);
    assert_eq!(settings.review.listen.to_string(), "127.0.0.1:8892");
    assert_eq!(settings.store.url, "sqlite:/var/lib/vaguemestre/cases.db");
    assert_eq!(settings.milter.spill_dir, Path::new("/var/lib/vaguemestre/spill"));
    assert_eq!(settings.judging.mode, Mode::Observe);
    let tools = crate::model::Tools { pdf: true, ocr: false };
    assert_eq!(settings.judging.limits, crate::model::Limits { tools, ..Default::default() });
    let shipped = assets(&settings).unwrap();
    assert!(policy(&settings, &shipped).unwrap().only_observes());
    lists(&shipped).unwrap();
}

#[test]
fn what_a_file_says_is_taken() {
    let settings = parsed(
        "milter.listen = [\"unix:/run/v.sock\", \"inet6:[::1]:9000\"]\nmilter.socket_mode = \"0660\"\n\
         milter.message_size = \"25 MiB\"\nmodes = { a-b = \"enforce\" }\n[store]\nstate_dir = \"/srv/v\"\nundecided = \"3 days\"",
    );
    let socket = Listen::Unix { path: "/run/v.sock".into(), mode: Some(0o660), group: None };
    assert_eq!(settings.milter.listen.first(), Some(&socket));
    assert_eq!(settings.milter.message_size, 25 << 20);
    assert_eq!(settings.store.url, "sqlite:/srv/v/cases.db");
    assert_eq!(settings.store.undecided, Duration::from_secs(3 * 86_400));
    assert_eq!(settings.judging.modes.get(&ArticleId("a-b".into())), Some(&Mode::Enforce));
}

#[test]
fn a_broken_file_tells_where_and_what_to_do() {
    let table = [
        ("[milter]\nlisten = \"inet:127.0.0.1:1\"", "x.toml:2:10: invalid type: string"),
        (
            "[milter]\nlisten = [\"127.0.0.1:8891\"]",
            "x.toml:2:11: \"127.0.0.1:8891\" is not a socket: \"inet:127.0.0.1:8891\"",
        ),
        ("[milter]\nlisten = [\"unix:relative\"]", "x.toml:2:11: \"unix:relative\" is not a socket"),
        (
            "[milter]\nidle_timeout = 30",
            "x.toml:2:16: invalid type: integer `30`, expected a duration with its unit, such as \"30s\"",
        ),
        ("[milter]\nidle_timeout = \"30\"", "x.toml:2:16: \"30\" is not a duration with its unit"),
        ("[milter]\nmessage_size = \"25 MB\"", "x.toml:2:16: \"25 MB\" is not a size with its unit, such as"),
        (
            "[milter]\nmessage_size = \"2 GiB\"",
            "x.toml:2:16: `message_size` is out of range; give a value from 64 KiB to 1 GiB",
        ),
        (
            "[milter]\nconnections = 0",
            "x.toml:2:15: `connections` is out of range; give a value from 1 to 100000",
        ),
        ("[milter]\nconections = 5", "x.toml:2:1: unknown field `conections`, expected one of"),
        ("[miltre]\nx = 5", "x.toml:1:2: unknown field `miltre`, expected one of"),
        (
            "[judging]\nmode = \"enforced\"",
            "x.toml:2:8: unknown variant `enforced`, expected one of `observe`",
        ),
        ("[modes]\na = \"on\"", "x.toml:2:5: unknown variant `on`"),
        ("[log]\njson = \"yes\"", "x.toml:2:8: invalid type: string \"yes\", expected a boolean"),
        ("[review]\nlisten = \"localhost\"", "x.toml:2:10: \"localhost\" is not an address and port"),
        (
            "[establishment]\ncase_page = \"https://x.example/\"",
            "x.toml:2:13: \"https://x.example/\" is not a page with `{case}`",
        ),
        ("[store]\nurl = \"mysql://x\"", "x.toml:2:7: \"mysql://x\" is not a database that is known"),
        ("[relay]\nfrom = \"\"", "x.toml:2:8: \"\" is not a mail address, such as"),
        (
            "[milter]\nmemory = \"1 MiB\"\nspill_above = \"2 MiB\"",
            "x.toml: `milter.memory` cannot hold one message; raise it",
        ),
        (
            "[store]\nundecided = \"3 days\"\nkeep_content = \"2 days\"\nkeep_cases = \"4 days\"",
            "x.toml: `store.keep_cases` is shorter than `store.undecided` and `store.keep_content` together; raise it",
        ),
        (
            "[oidc]\nissuer = \"http://idp.example/\"",
            "x.toml:2:10: \"http://idp.example/\" is not the address of a sign-in service",
        ),
        (
            "[oidc]\ngrants = [{ group = \"g\", role = \"chief\" }]",
            "x.toml:2:33: \"chief\" is not a role: archivist, approver, admin, compliance or auditor",
        ),
        ("[oidc]\ngrants = [{ role = \"admin\" }]", "x.toml:2:11: missing field `group`"),
        (
            "[oidc]\nissuer = \"https://idp.example\"\ngrants = [{ group = \"g\", role = \"admin\" }]",
            "x.toml: `oidc.issuer` is there, `oidc.client_id` is not; give",
        ),
        (
            "[oidc]\nissuer = \"https://idp.example\"\nclient_id = \"x\"",
            "x.toml: `oidc.grants` is empty: nobody could come in; say which",
        ),
        (
            "[review]\ntls_key = \"/k\"",
            "x.toml: `review.tls_key` is there, `review.tls_certificate` is not; give both",
        ),
        (
            "[review]\nsenders_listen = \"127.0.0.1:8892\"",
            "x.toml: `review.senders_listen` is the same as `review.listen`; give another port",
        ),
        (
            "[review]\nsenders_url = \"https://x.example\"",
            "x.toml: `review.senders_url` is there, `review.senders_listen` is not; give",
        ),
        ("[replies]\nnetworks = [\"10.0.0.0/33\"]", "x.toml:2:13: \"10.0.0.0/33\" is not a network, such as"),
        ("[relay", "x.toml:1:7: "),
        ("a = 1\na = 2", "x.toml:"),
    ];
    for (text, expected) in table {
        let got = refused(text);
        assert!(got.starts_with(expected), "{text}\nexpected {expected}\ngot      {got}");
    }
}

#[test]
fn several_mistakes_are_told_at_once() {
    let errors = refused("[milter]\nconnections = 0\nmemory = \"1 B\"\n[relay]\ntimeout = \"1 h\"");
    assert_eq!(errors.lines().count(), 3, "{errors}");
}

/// "While every article only observes, `on_failure = "accept"` may be chosen".
#[test]
fn failing_open_is_refused_while_an_article_acts() {
    let open = "judging.on_failure = \"accept\"\n";
    let shipped = assets(&parsed("")).unwrap();
    assert!(policy(&parsed(open), &shipped).is_ok());
    let acting = parsed(&format!("{open}modes = {{ dir09-sondage-externe = \"warn\" }}"));
    let error = policy(&acting, &shipped).unwrap_err().to_string();
    assert!(
        error.contains("these articles do more than observe: dir09-sondage-externe; set judging"),
        "{error}"
    );
}

#[test]
fn what_waits_for_the_next_start_stays_as_it_was_at_a_reload() {
    let start = parsed("");
    let new = parsed(
        "judging.workers = 3\njudging.queue = 7\nstore.undecided = \"3 days\"\nreview.two_persons_severity = 2",
    );
    assert_eq!(start.fixed_at_start(&new), ["store", "review", "judging.workers"]);
    let kept = new.started_with(&start);
    assert_eq!(start.fixed_at_start(&kept), Vec::<&str>::new());
    assert_eq!((kept.judging.queue, kept.store.undecided), (7, start.store.undecided));
}

#[test]
fn two_persons_for_an_article_that_is_not_there_are_refused() {
    let settings = parsed("review.two_persons_articles = [\"dir09-sondage\"]");
    let error = policy(&settings, &assets(&settings).unwrap()).unwrap_err().to_string();
    let expected = "review.two_persons_articles: no article is called `dir09-sondage`; the articles are ";
    assert!(error.starts_with(expected), "{error}");
}

#[test]
fn a_mode_for_an_article_that_is_not_there_is_refused() {
    let settings = parsed("[modes]\ndir09-sondage = \"warn\"");
    let error = policy(&settings, &assets(&settings).unwrap()).unwrap_err();
    assert!(matches!(error, ConfigError::UnknownArticle(_)));
    assert!(
        error.to_string().starts_with("[modes]: no article is called `dir09-sondage`; the articles are "),
        "{error}"
    );
}

#[test]
fn folders_replace_what_ships_and_are_named_when_unreadable() {
    let folder = tempfile::tempdir().unwrap();
    let data = |key: &str, path: &Path| parsed(&format!("[data]\n{key} = \"{}\"", path.display()));
    let gone = assets(&data("policy", &folder.path().join("none"))).unwrap_err().to_string();
    assert!(gone.contains("none: the folder cannot be read"), "{gone}");
    let empty = assets(&data("recipients", folder.path())).unwrap_err().to_string();
    assert!(empty.contains("the folder has no *.toml file; copy the shipped folder there"), "{empty}");
    fs::write(folder.path().join("a.toml"), [0xFF, 0xFE]).unwrap();
    let binary = assets(&data("recipients", folder.path())).unwrap_err().to_string();
    assert!(binary.contains("a.toml:1:1: a byte that is not UTF-8; save the file as UTF-8"), "{binary}");
    let list = "class = \"internal\"\nsource = \"t\"\ncompiled = \"2026-11\"\ndomains = [\"ici.example\"]";
    fs::write(folder.path().join("a.toml"), list).unwrap();
    let ours = lists(&assets(&data("recipients", folder.path())).unwrap()).unwrap();
    assert_eq!(ours.classify(&Address::parse("x@ici.example").unwrap()).0, Class::Internal);
}

#[test]
fn the_shipped_lists_know_public_webmail_and_the_network() {
    let shipped = lists(&assets(&parsed("")).unwrap()).unwrap();
    assert!(shipped.sizes().get(&Class::Webmail).is_some_and(|size| *size > 300));
    let table = [
        ("a@gmail.com", Class::Webmail),
        ("a@videotron.ca", Class::Webmail),
        ("a@orange.fr", Class::Webmail),
        ("jean.roy.cissslau@ssss.gouv.qc.ca", Class::Internal),
        ("jean.roy.ciusssmtl@ssss.gouv.qc.ca", Class::Network),
        ("a@msss.gouv.qc.ca", Class::Network),
        ("a@revenuquebec.gouv.qc.ca", Class::External),
    ];
    for (address, class) in table {
        assert_eq!(shipped.classify(&Address::parse(address).unwrap()).0, class, "{address}");
    }
}

/// New files are embedded when this crate is compiled again: `touch src/config/assets.rs`.
#[test]
fn what_is_embedded_is_what_the_folders_hold() {
    let shipped = assets(&parsed("")).unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (folder, files) in [
        ("config/policy", shipped.policy),
        ("config/recipients", shipped.recipients),
        ("patterns", shipped.patterns),
    ] {
        let names = fs::read_dir(root.join(folder))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut on_disk: Vec<String> = names.filter(|name| name.ends_with(".toml")).collect();
        on_disk.sort();
        let embedded: Vec<&String> = files.iter().map(|(name, _)| name).collect();
        assert_eq!(embedded, on_disk.iter().collect::<Vec<_>>(), "{folder}: touch src/config/assets.rs");
    }
}

/// `UPDATE=1 cargo test sample` writes it.
#[test]
fn the_sample_file_is_what_the_program_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/vaguemestre.toml");
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, sample()).unwrap();
    }
    assert_eq!(fs::read_to_string(&path).unwrap_or_default(), sample(), "run UPDATE=1 cargo test sample");
}

#[test]
fn the_sample_file_means_the_defaults_and_its_examples_are_valid() {
    // All but that the sample says its mode.
    let mut said = parsed(&sample());
    assert!(std::mem::take(&mut said.judging.mode_said));
    assert_eq!(format!("{said:?}"), format!("{:?}", parsed("")));
    let uncommented: String = sample()
        .lines()
        .map(|line| {
            line.strip_prefix("# ")
                .filter(|rest| rest.contains(" = ") && !rest.contains('.') | rest.contains('"'))
                .unwrap_or(line)
        })
        .map(|line| format!("{line}\n"))
        .collect();
    let all = parsed(&uncommented);
    assert_eq!(all.establishment.case_page.as_deref(), Some("https://courriel.exemple.qc.ca/c/{case}"));
    assert_eq!(all.judging.modes.len(), 2);
}

#[test]
fn a_network_holds_its_own_addresses_alone() {
    let table = [
        ("10.0.0.0/8", "10.255.1.2", true),
        ("10.0.0.0/8", "11.0.0.1", false),
        ("192.0.2.7", "192.0.2.7", true),
        ("192.0.2.7", "192.0.2.8", false),
        ("0.0.0.0/0", "198.51.100.1", true),
        ("0.0.0.0/0", "2001:db8::1", false),
        ("2001:db8::/32", "2001:db8:ffff::1", true),
        ("2001:db8::/32", "2001:db9::1", false),
        ("127.0.0.0/8", "::ffff:127.0.0.1", true),
    ];
    for (network, address, held) in table {
        let network = crate::model::settings::Network::parse(network).unwrap();
        assert_eq!(network.holds(address.parse().unwrap()), held, "{network:?} {address}");
    }
}

proptest! {
    /// Whatever is damaged in a file, it loads or says where the fault is.
    #[test]
    fn a_damaged_file_never_panics(cut in 0..4_000_usize, length in 0..40_usize, junk in ".{0,8}") {
        let mut text = sample();
        let start = text.floor_char_boundary(cut.min(text.len()));
        let end = text.floor_char_boundary((start + length).min(text.len()));
        text.replace_range(start..end, &junk);
        if let Err(error) = parse("x.toml", &text, Path::new(STATE)) {
            prop_assert!(error.to_string().starts_with("x.toml:"), "{}", error);
        }
    }
}
