use proptest::prelude::*;

use super::hash::HashAlgorithm;
use super::n_degree::{next_order, orders};
use super::write_number;

#[test]
fn digits_are_those_of_the_hash() {
    let mut hex = String::new();
    HashAlgorithm::Sha256.digest(b"abc").write_hex(&mut hex);
    assert_eq!(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    hex.clear();
    HashAlgorithm::Sha384.digest(b"abc").write_hex(&mut hex);
    let wanted = "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7";
    assert_eq!(hex, wanted);
}

#[test]
fn numbers_are_written_as_they_are() {
    for number in [0, 1, 9, 10, 11, 99, 100, 101, 65_535, 1_000_000_000, 4_294_967_294, u32::MAX] {
        let mut text = String::new();
        write_number(number, &mut text);
        assert_eq!(text, number.to_string());
    }
}

#[test]
fn counting_orders_stops_where_there_are_too_many() {
    let distinct: Vec<u32> = (0..10_000).collect();
    assert!(orders(&distinct, 1_000) > 1_000);
    assert_eq!(orders(&[7; 10_000], 1_000), 1);
}

proptest! {
    #[test]
    fn every_order_is_tried_once(mut nodes in proptest::collection::vec(0..5_u32, 0..7)) {
        nodes.sort_unstable();
        let wanted = orders(&nodes, usize::MAX);
        let mut seen = std::collections::BTreeSet::from([nodes.clone()]);
        while next_order(&mut nodes) {
            prop_assert!(seen.insert(nodes.clone()));
        }
        prop_assert_eq!(seen.len(), wanted);
        prop_assert!(nodes.is_sorted_by(|left, right| left >= right));
    }
}
