use serde_json::json;

use super::*;
use crate::encoding::json::{Map, Value};
use crate::error::Explain;
use crate::limits;

/// The pointers that one claim query selects in the person, or the code of why none.
fn selected(path: Value, values: Option<Value>) -> Result<Vec<String>, &'static str> {
    let mut claim = json!({ "path": path });
    if let Some(values) = values {
        claim["values"] = values;
    }
    let query = parse(one(json!([claim]))).map_err(|error| error.code())?;
    let person = person();
    let matches = query.matches(&[identity(&person)]);
    match &matches.credentials[0].fits[..] {
        [fit] => Ok(fit.pointers.clone()),
        _ => Err(matches.unmet()[0].code()),
    }
}

#[test]
fn a_path_selects_members_items_and_all_items() {
    for (path, pointers) in [
        (json!(["name"]), &["/name"][..]),
        (json!(["address"]), &["/address"]),
        (json!(["address", "street"]), &["/address/street"]),
        (json!(["address", "a/b~c"]), &["/address/a~1b~0c"]),
        (json!(["degrees", null, "type"]), &["/degrees/0/type", "/degrees/1/type"]),
        (json!(["degrees", null, "grades", null]), &["/degrees/0/grades/0", "/degrees/0/grades/1"]),
        (json!(["degrees", null, "grades", 1]), &["/degrees/0/grades/1"]),
        (json!(["nationalities", 1]), &["/nationalities/1"]),
        (json!(["nationalities", null]), &["/nationalities/0", "/nationalities/1"]),
        (json!(["mixed", 0, "type"]), &["/mixed/0/type"]),
        (json!(["nothing"]), &["/nothing"]),
    ] {
        assert_eq!(selected(path.clone(), None).as_deref(), Ok(texts(pointers).as_slice()), "{path}");
    }
}

#[test]
fn a_path_that_does_not_fit_selects_nothing() {
    for (what, path) in [
        ("no such member", json!(["surname"])),
        ("no such member below", json!(["address", "country"])),
        ("null on an object", json!(["address", null])),
        ("an integer on an object", json!(["address", 0])),
        ("a text on a list", json!(["nationalities", "0"])),
        ("the length of a list", json!(["nationalities", "length"])),
        ("a text on a text", json!(["name", "length"])),
        ("an integer on a text", json!(["name", 0])),
        ("null on null", json!(["nothing", null])),
        ("behind the end", json!(["nationalities", 2])),
        ("far behind the end", json!(["nationalities", 9_007_199_254_740_991_u64])),
        ("an item on the root", json!([0])),
        ("all of the root", json!([null])),
        ("a list with an item of another type spoils the whole path", json!(["mixed", null, "type"])),
        ("an inherited member", json!(["__proto__"])),
        ("the items of lists that are all empty", json!(["degrees", 1, "grades", null])),
    ] {
        assert_eq!(selected(path, None), Err("dcql.unmet.claim"), "{what}");
    }
}

#[test]
fn a_value_matches_in_type_and_value() {
    for (path, values, pointers) in [
        (json!(["name"]), json!(["Ford Prefect", "Arthur Dent"]), &["/name"][..]),
        (json!(["age"]), json!([42]), &["/age"]),
        (json!(["age"]), json!([42.0]), &["/age"]),
        (json!(["isAdult"]), json!([true]), &["/isAdult"]),
        (json!(["nationalities", null]), json!(["Betelgeusian"]), &["/nationalities/1"]),
        (json!(["degrees", null, "grades", null]), json!([4, 5]), &["/degrees/0/grades/1"]),
    ] {
        assert_eq!(selected(path.clone(), Some(values)).as_deref(), Ok(texts(pointers).as_slice()), "{path}");
    }
    for (path, values) in [
        (json!(["name"]), json!(["arthur dent"])),
        (json!(["name"]), json!(["Arthur Dent "])),
        (json!(["age"]), json!(["42"])),
        (json!(["age"]), json!([43])),
        (json!(["age"]), json!([true])),
        (json!(["isAdult"]), json!(["true", 1])),
        (json!(["nothing"]), json!(["null", 0, false])),
        (json!(["address"]), json!(["Milliways"])),
        (json!(["nationalities"]), json!(["British"])),
        (json!(["half"]), json!([0, 1])),
    ] {
        assert_eq!(selected(path.clone(), Some(values)), Err("dcql.unmet.value"), "{path}");
    }
}

#[test]
fn a_path_over_too_many_items_selects_nothing() {
    let path = Path::new([Step::from("list"), Step::All]);
    let claims = |count: usize| map(json!({ "list": vec![0; count] }));
    assert_eq!(path.pointers(&claims(limits::DCQL_SELECTED)).unwrap().len(), limits::DCQL_SELECTED);
    let refused = path.pointers(&claims(limits::DCQL_SELECTED + 1));
    assert_eq!(refused, Err(PathError::TooMany { limit: limits::DCQL_SELECTED }));
}

#[test]
fn format_type_binding_and_authority_must_fit() {
    let claims = person();
    let held = identity(&claims);
    let ours = [Authority { kind: "aki", value: "s9tIpPmhxdiuNkHMEWNpYim8S8Y" }];
    let asked = |format: &str| CredentialQuery::new("q", format);
    let pid = || asked("dc+sd-jwt").vct("https://other.example").vct(PID);
    let types = ["VerifiableCredential", "IdentityCredential"];
    let w3c = Candidate { format: "vc+jwt", types: &types, ..held };
    let data_integrity = Candidate { format: "eddsa-jcs-2022", types: &types, ..held };
    let mdoc = Candidate { format: "mso_mdoc", types: &["org.iso.18013.5.1.mDL"], ..held };
    let bearer = Candidate { is_holder_bound: false, ..held };
    let vouched = Candidate { authorities: &ours, ..held };
    let under = |kind: &str| pid().trusted_authority("etsi_tl", &["x"]).trusted_authority(kind, &["y", ours[0].value]);
    let unknown = CredentialQuery { meta: Meta::Unknown(map(json!({ "x": 1 }))), ..asked("dc+sd-jwt") };
    for (what, query, candidate, code) in [
        ("the type", pid(), held, "fits"),
        ("any type", asked("dc+sd-jwt"), held, "fits"),
        ("another type", asked("dc+sd-jwt").vct("https://other.example"), held, "dcql.unmet.type"),
        ("a prefix of the type", asked("dc+sd-jwt").vct("https://credentials.example/"), held, "dcql.unmet.type"),
        ("another format", asked("vc+sd-jwt").types(&[PID]), held, "dcql.unmet.format"),
        ("the format in capitals", asked("DC+SD-JWT"), held, "dcql.unmet.format"),
        ("one of the types", asked("vc+jwt").types(&["IdentityCredential"]), w3c, "fits"),
        ("both types, the other way round", asked("vc+jwt").types(&[types[1], types[0]]), w3c, "fits"),
        ("a second list of types", asked("vc+jwt").types(&["X"]).types(&types), w3c, "fits"),
        ("one type too many", asked("vc+jwt").types(&[types[0], types[1], "X"]), w3c, "dcql.unmet.type"),
        ("a vct among types", asked("vc+jwt").types(&[PID]), w3c, "dcql.unmet.type"),
        ("any Data Integrity", asked("ldp_vc").types(&types), data_integrity, "fits"),
        ("one cryptosuite", asked("eddsa-jcs-2022").types(&types), data_integrity, "fits"),
        ("another cryptosuite", asked("ecdsa-sd-2023").types(&types), data_integrity, "dcql.unmet.format"),
        ("a token for Data Integrity", asked("ldp_vc").types(&types), w3c, "dcql.unmet.format"),
        ("a token of another data model", asked("jwt_vc_json").types(&types), w3c, "dcql.unmet.format"),
        (
            "another document type",
            CredentialQuery { meta: Meta::Doctype("x".into()), ..asked("mso_mdoc") },
            mdoc,
            "dcql.unmet.type",
        ),
        ("a demand that nobody knows", unknown, held, "dcql.unmet.type"),
        ("a bearer's credential", pid(), bearer, "dcql.unmet.holder-binding"),
        ("a bearer's credential where that will do", pid().without_holder_binding(), bearer, "fits"),
        ("a bound credential where it need not be", pid().without_holder_binding(), held, "fits"),
        ("an authority", under("aki"), vouched, "fits"),
        ("an authority's name in another sort", under("openid_federation"), vouched, "dcql.unmet.authority"),
        ("nobody behind the issuer", under("aki"), held, "dcql.unmet.authority"),
        (
            "a sort of authority that nobody knows",
            pid().trusted_authority("x", &["y"]),
            vouched,
            "dcql.unmet.authority",
        ),
    ] {
        let matches = Query::one(query).matches(&[candidate]);
        let found = matches.unmet().first().map_or("fits", |reason| reason.code());
        assert_eq!(
            (found, matches.is_met(), matches.least().is_ok()),
            (code, code == "fits", code == "fits"),
            "{what}"
        );
    }
}

#[test]
fn no_claims_ask_for_none_and_claim_sets_for_the_first_that_can_be_had() {
    let claims = person();
    let held = [identity(&claims)];
    let nothing = Query::one(CredentialQuery::new("q", "dc+sd-jwt").vct(PID)).matches(&held);
    assert_eq!((&nothing.least().unwrap()[0].fit.pointers[..], nothing.credentials[0].fits[0].disclosed), (&[][..], 0));

    let sets = |sets: Value| {
        let mut query = one(json!([
            { "id": "a", "path": ["name"] }, { "id": "b", "path": ["surname"] },
            { "id": "c", "path": ["age"], "values": [42] }, { "id": "d", "path": ["age"], "values": [18] }]));
        query["credentials"][0]["claim_sets"] = sets;
        let matches = parse(query).unwrap().matches(&held);
        let fit = matches.credentials[0].fits.first().cloned();
        fit.map(|fit| (fit.claim_set.unwrap(), fit.pointers)).ok_or_else(|| matches.unmet()[0].to_string())
    };
    let pointers = |pointers: &[&str]| texts(pointers);
    assert_eq!(sets(json!([["a", "c"], ["c"]])), Ok((0, pointers(&["/name", "/age"]))));
    assert_eq!(sets(json!([["a", "b"], ["c"]])), Ok((1, pointers(&["/age"]))));
    assert_eq!(sets(json!([["a", "d"], ["b"], ["c", "a"]])), Ok((2, pointers(&["/age", "/name"]))));
    assert_eq!(sets(json!([["b"], ["d"]])), Err("pid: the credential does not say /surname".to_owned()));
    assert_eq!(
        sets(json!([["d"]])),
        Err("pid: the credential says something else at /age than what is asked for".to_owned())
    );
}

#[test]
fn a_claim_that_is_asked_twice_is_held_to_both_and_disclosed_once() {
    let twice = |claims: Value| {
        let person = person();
        let matches = parse(one(claims)).unwrap().matches(&[identity(&person)]);
        matches.credentials[0].fits.first().map(|fit| (fit.pointers.clone(), fit.disclosed))
    };
    let name = |values: Value| json!({ "path": ["name"], "values": values });
    assert_eq!(twice(json!([{ "path": ["name"] }, name(json!(["Arthur Dent"]))])), Some((vec!["/name".to_owned()], 1)));
    assert_eq!(twice(json!([{ "path": ["name"] }, name(json!(["Ford Prefect"]))])), None);
    assert_eq!(twice(json!([name(json!(["Ford Prefect"])), { "path": ["name"] }])), None);
    let (pointers, disclosed) = twice(json!([{ "path": ["address", "street"] }, { "path": ["address"] }])).unwrap();
    assert_eq!((pointers.len(), disclosed), (2, 3), "what stands below the address is counted once");
}

#[test]
fn a_query_that_is_made_to_cost_much_costs_little() {
    // Every alternative has all claims but one, and then one that nobody has.
    let mut claims: Vec<Value> = (0..limits::DCQL_CLAIMS - 1)
        .map(|at| json!({ "id": format!("c{at}"), "path": ["list", null], "values": (0..limits::DCQL_VALUES).collect::<Vec<_>>() }))
        .collect();
    claims.push(json!({ "id": "last", "path": ["nobody"] }));
    let mut set: Vec<String> = (0..limits::DCQL_CLAIMS - 1).map(|at| format!("c{at}")).collect();
    set.push("last".to_owned());
    let mut query = one(json!(claims));
    query["credentials"][0]["claim_sets"] = json!(vec![set; limits::DCQL_OPTIONS]);
    let query = parse(query).unwrap();
    let held = map(json!({ "list": vec![limits::DCQL_VALUES - 1; limits::DCQL_SELECTED] }));
    let start = std::time::Instant::now();
    assert!(!query.matches(&[identity(&held)]).is_met());
    // Each claim is looked for once; looked for in every alternative, they would take 64 times as long, half a minute.
    assert!(start.elapsed().as_secs() < 5, "{:?}", start.elapsed());

    // Two paths that together select too much select nothing.
    let twice = parse(one(json!([{ "path": ["list", null] }, { "path": ["name"] }]))).unwrap();
    let mut held = held;
    held.insert("name".to_owned(), "x".into());
    assert_eq!(twice.matches(&[identity(&held)]).unmet()[0].to_string(), "pid: the credential does not say /name");
    held.insert("list".to_owned(), json!([1]));
    assert!(twice.matches(&[identity(&held)]).is_met());
}

#[test]
fn the_candidate_that_discloses_least_is_chosen() {
    let (whole, brief) = (person(), map(json!({ "name": "Arthur Dent", "address": { "street": "42 Market Street" } })));
    let other = map(json!({ "address": "none" }));
    let query = Query::one(CredentialQuery::new("q", "dc+sd-jwt").claim(&["address"]));
    let least = |query: &Query, held: &[Candidate<'_>]| {
        let matches = query.matches(held);
        (matches.credentials[0].fits.len(), matches.least().unwrap()[0].fit.candidate)
    };
    assert_eq!(least(&query, &[identity(&whole), identity(&brief)]), (2, 1));
    assert_eq!(least(&query, &[identity(&brief), identity(&other), identity(&whole)]), (3, 0));

    // In a format that hides nothing all of the credential counts, whatever is asked for.
    let signed = Candidate { format: "eddsa-jcs-2022", ..identity(&brief) };
    let derived = Candidate { format: "bbs-2023", ..identity(&whole) };
    let query = Query::one(CredentialQuery::new("q", "ldp_vc").claim(&["name"]));
    assert_eq!(least(&query, &[signed, derived]), (2, 1));
    assert_eq!(query.matches(&[signed]).credentials[0].fits[0].disclosed, 2);
}

fn sets_query() -> Query {
    let asked = |id: &str, vct: &str| CredentialQuery::new(id, "dc+sd-jwt").vct(vct).claim(&["name"]);
    Query::all([asked("pid", "pid"), asked("mdl", "mdl"), asked("bill", "bill"), asked("points", "points")])
        .require(&[&["pid"], &["mdl", "bill"]])
        .welcome(&[&["points"]])
}

/// A credential for each of its queries.
fn sets_candidates(claims: &Map) -> [Candidate<'_>; 4] {
    let types: [&[&str]; 4] = [&["pid"], &["mdl"], &["bill"], &["points"]];
    types.map(|types| Candidate { types, ..identity(claims) })
}

#[test]
fn credential_sets_say_what_must_be_shown() {
    let claims = person();
    let [pid, mdl, bill, points] = sets_candidates(&claims);
    let chosen = |held: &[Candidate<'_>], welcome: &[usize]| {
        let matches = sets_query().matches(held);
        let ids = |choices: Vec<Choice<'_>>| choices.iter().map(|choice| choice.id.to_owned()).collect::<Vec<_>>();
        matches
            .least_with(welcome)
            .map(ids)
            .map_err(|_| matches.unmet().iter().map(ToString::to_string).collect::<Vec<_>>())
    };
    let ids = |ids: &[&str]| Ok(texts(ids));
    assert_eq!(chosen(&[bill, mdl, pid], &[]), ids(&["pid"]), "the first alternative");
    assert_eq!(chosen(&[bill, mdl], &[]), ids(&["mdl", "bill"]), "the second");
    assert_eq!(chosen(&[pid, points], &[]), ids(&["pid"]), "what is optional is not shown unasked");
    assert_eq!(chosen(&[pid, points], &[1]), ids(&["pid", "points"]));
    assert_eq!(chosen(&[pid], &[1]), ids(&["pid"]), "and need not be had");
    assert_eq!(
        chosen(&[mdl, points], &[1]),
        Err(vec![
            "pid: there is no credential of the type pid".to_owned(),
            "bill: there is no credential of the type bill".to_owned(),
        ])
    );
    assert!(chosen(&[], &[]).is_err());

    // A set that was built over an unknown id is never met, and nothing is shown for it.
    let broken = Query::one(CredentialQuery::new("pid", "dc+sd-jwt")).require(&[&["pid", "ghost"]]);
    let matches = broken.matches(&[pid]);
    assert_eq!((matches.is_met(), matches.least()), (false, Err(Unmet::NoOption { position: 0 })));
}

#[test]
fn the_reason_is_that_of_the_closest_candidate_and_disturbs_no_terminal() {
    let claims = person();
    let query =
        |vct: &str, path: &str| Query::one(CredentialQuery::new("q", "dc+sd-jwt").vct(vct).claim(&["address", path]));
    let held = [Candidate { types: &["other"], ..identity(&claims) }, identity(&claims)];
    let said = |query: Query| query.matches(&held).unmet()[0].to_string();
    assert_eq!(said(query(PID, "district")), "q: the credential does not say /address/district");
    assert_eq!(said(query("x", "district")), "q: there is no credential of the type x");
    let hostile = said(query("\u{1b}[2Jx\u{202e}y", "district"));
    assert!(!hostile.contains(['\u{1b}', '\u{202e}']), "{hostile:?}");
    let hostile = said(query(PID, &"\u{7}".repeat(limits::DCQL_TEXT_BYTES)));
    assert!(!hostile.contains('\u{7}') && hostile.chars().count() < 200, "{hostile:?}");
    let many = (0..60).fold(CredentialQuery::new("q", "dc+sd-jwt"), |query, at| query.vct(format!("type{at}")));
    assert_eq!(
        said(Query::one(many)),
        "q: there is no credential of the type type0, or type1, or type2, or type3, or another"
    );
}

#[test]
fn an_answer_has_all_that_was_asked_and_nothing_under_another_name() {
    let query = sets_query();
    let (whole, nameless) = (person(), map(json!({ "age": 42 })));
    let [pid, mdl, bill, points] = sets_candidates(&whole);
    let judged = |answers: &[(&str, Candidate<'_>)]| query.is_answered_by(answers).map_err(|reason| reason.code());
    assert_eq!(judged(&[("pid", pid)]), Ok(()));
    assert_eq!(judged(&[("mdl", mdl), ("bill", bill)]), Ok(()));
    assert_eq!(judged(&[("points", points), ("pid", pid)]), Ok(()));
    let empty = Candidate { claims: &nameless, ..pid };
    for (what, answers, code) in [
        ("nothing", vec![], "dcql.unmet.no-option"),
        ("half an alternative", vec![("mdl", mdl)], "dcql.unmet.no-option"),
        ("only what is optional", vec![("points", points)], "dcql.unmet.no-option"),
        ("an unknown id", vec![("pid", pid), ("ghost", pid)], "dcql.unmet.not-asked"),
        ("an id in capitals", vec![("PID", pid)], "dcql.unmet.not-asked"),
        ("another credential under the id", vec![("pid", mdl)], "dcql.unmet.type"),
        ("the claim held back", vec![("pid", empty)], "dcql.unmet.claim"),
        (
            "an optional one with its claim held back",
            vec![("pid", pid), ("points", Candidate { claims: &nameless, ..points })],
            "dcql.unmet.claim",
        ),
        ("two where one was asked for", vec![("pid", pid), ("pid", pid)], "dcql.unmet.several"),
        (
            "a copy without its holder",
            vec![("pid", Candidate { is_holder_bound: false, ..pid })],
            "dcql.unmet.holder-binding",
        ),
        ("another format", vec![("pid", Candidate { format: "vc+jwt", ..pid })], "dcql.unmet.format"),
    ] {
        assert_eq!(judged(&answers), Err(code), "{what}");
    }

    let mut several = Query::one(CredentialQuery::new("q", "dc+sd-jwt").multiple().claim(&["name"]));
    let answer = ("q", identity(&whole));
    assert_eq!(several.is_answered_by(&[answer, answer]), Ok(()));
    let second = ("q", identity(&nameless));
    assert_eq!(several.is_answered_by(&[answer, second]).unwrap_err().code(), "dcql.unmet.claim");
    assert_eq!(several.is_answered_by(&[]), Err(Unmet::NotAnswered { id: "q".to_owned() }));
    several.credentials[0].claims[0].values.push("Ford Prefect".into());
    assert_eq!(several.is_answered_by(&[answer]).unwrap_err().code(), "dcql.unmet.value");
}

#[test]
fn an_item_of_a_list_is_found_where_hidden_ones_were_taken_away() {
    let asked = |format: &str, path: &[Step]| {
        Query::one(CredentialQuery::new("q", format).asking(ClaimQuery::new(Path::new(path.to_vec()))))
    };
    let judged = |format: &str, path: &[Step], presented: Value| {
        let presented = map(presented);
        let answer = Candidate { format, types: &[], ..identity(&presented) };
        asked(format, path).is_answered_by(&[("q", answer)]).map_err(|reason| reason.code())
    };
    let second = [Step::from("nationalities"), Step::Index(1)];
    let second_type = [Step::from("degrees"), Step::Index(1), Step::from("type")];
    assert_eq!(judged("dc+sd-jwt", &second, json!({ "nationalities": ["Betelgeusian"] })), Ok(()));
    assert_eq!(judged("dc+sd-jwt", &second_type, json!({ "degrees": ["x", { "type": "MSc" }] })), Ok(()));
    assert_eq!(judged("dc+sd-jwt", &second_type, json!({ "degrees": [{ "type": "MSc" }] })), Ok(()));
    let missing = Err("dcql.unmet.claim");
    assert_eq!(judged("dc+sd-jwt", &second, json!({ "nationalities": [] })), missing);
    assert_eq!(judged("dc+sd-jwt", &second, json!({ "nationalities": "Betelgeusian" })), missing);
    assert_eq!(judged("dc+sd-jwt", &second_type, json!({ "degrees": [{ "name": "x" }, "y"] })), missing);
    // No item moves down, and none moves in a format that hides nothing.
    let first = [Step::from("degrees"), Step::Index(0), Step::from("type")];
    assert_eq!(judged("dc+sd-jwt", &first, json!({ "degrees": ["x", { "type": "MSc" }] })), missing);
    assert_eq!(judged("vc+jwt", &second, json!({ "nationalities": ["Betelgeusian"] })), missing);
}
