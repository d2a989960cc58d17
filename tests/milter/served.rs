//! The real `vaguemestre serve` of a new installation, spoken to by hand.

use std::os::unix::fs::PermissionsExt;

use super::peer::Peer;
use crate::support::postfix::Ports;
use crate::support::process::wait_for;
use crate::support::service::Service;

fn peer(service: &Service) -> Peer {
    Peer::ready(service.milter.strip_prefix("inet:").unwrap().parse().unwrap())
}

/// README: "a new installation observes and stops nothing", a large message neither.
#[test]
fn a_new_installation_takes_a_large_message() {
    let mut service = Service::new(Ports::free(), &[("judging", "mode = \"observe\"")]);
    service.start();
    // Large, and quickly read by a program that is not optimised.
    let large = [b"Bonjour.\r\n".as_slice(), &[&[b' '; 76][..], b"\r\n"].concat().repeat(27_000)].concat();
    let taken = Some((b'c', String::new()));
    assert_eq!(peer(&service).message("Accept", &large), taken, "{}", service.log());
    let spill = service.state().join("spill");
    assert_eq!(std::fs::metadata(&spill).unwrap().permissions().mode() & 0o777, 0o700);

    // What takes its place is no folder: told, counted, and mended without a new start.
    std::fs::remove_dir(&spill).unwrap();
    std::fs::write(&spill, "").unwrap();
    let told = wait_for("the readiness to tell", || {
        let (code, text) = service.get("/readyz");
        (code == 503).then_some(text)
    });
    assert!(told.contains("large messages are put off") && told.contains("/state/spill"), "{told}");
    let (code, text) = peer(&service).message("Accept", &large).unwrap();
    assert_eq!((code, &text[..10]), (b'y', "451 4.7.1 "));
    let figures = service.get("/metrics").1;
    assert!(figures.contains("vaguemestre_tempfails_total{cause=\"spill\"} 1"), "{figures}");
    std::fs::remove_file(&spill).unwrap();
    service.wait_ready();
    assert_eq!(peer(&service).message("Accept", &large), taken, "{}", service.log());
}
