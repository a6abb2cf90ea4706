use std::thread;

use super::*;

#[test]
fn a_hundred_threads_share_one_verifier() {
    let cast = Cast::gather();
    let request = new_request(AUDIENCE.to_owned()).unwrap();
    let shown = present(
        vec![cast.guarantee(CredentialFormat::Jwt).into()],
        Disclose::Everything,
        request.clone(),
        NOW,
        cast.tenant.clone(),
    );
    let (shown, forged) = (shown.unwrap(), "not a credential".to_owned());
    let expected = cast.decide(&shown, &request).to_json();
    thread::scope(|scope| {
        for number in 0..100 {
            let (cast, request, expected) = (&cast, &request, &expected);
            let (presented, outcome) =
                if number % 2 == 0 { (&shown, Outcome::Valid) } else { (&forged, Outcome::Invalid) };
            scope.spawn(move || {
                let report = cast.decide(presented, request);
                assert_eq!(report.outcome(), outcome);
                if outcome == Outcome::Valid {
                    assert_eq!(&report.to_json(), expected);
                }
            });
        }
    });
}

#[test]
fn what_hosts_hold_may_cross_threads() {
    fn crosses<T: Send + Sync>() {}
    crosses::<Verifier>();
    crosses::<Report>();
    crosses::<Asker>();
    crosses::<Consent>();
    crosses::<NonceLedger>();
    crosses::<SoftwareSigner>();
    crosses::<Arc<dyn Signer>>();
}
