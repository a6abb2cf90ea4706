# `make help` lists what there is. CONTRIBUTING.md says more.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

CARGO ?= cargo
# What is slow to download or to build is kept here, outside the checkout; everything works without it.
ATTESTA_CACHE ?= $(HOME)/.cache/attesta
export CONFORMANCE_VECTORS ?= $(abspath ../shared/vectors)

MAVEN := mvn --batch-mode --no-transfer-progress -f bindings/kotlin

CARGO_DENY_VERSION := 0.20.2
CARGO_DENY := $(ATTESTA_CACHE)/cargo-deny-$(CARGO_DENY_VERSION)/bin/cargo-deny

# The most bytes that the phones' library may have, stripped: for arm64, which phones are, and for the machine that builds
# it. docs/adr/0009 says what keeps it small.
ARM64_BYTES := 1900000
MOBILE_BYTES := 2110000
# The same of the library of issuers' apps.
ISSUER_BYTES := 2490000

# What `make bench` verifies, for other implementations to verify the same.
HANDED := $(abspath $(or $(CARGO_TARGET_DIR),target))/handed.json

# Some targets build the library of issuers' apps with FOR=issuer.
comma := ,
WHOSE = $(if $(FOR),$(if $(filter issuer,$(FOR)),--issuer,$(error FOR is issuer or nothing, not $(FOR))))

# Every feature in Cargo.toml, so that a new one is checked from its first day.
FEATURES = $(shell awk '/^\[/ { on = ($$0 == "[features]") } on && /^[a-z]/ && $$1 != "default" { print $$1 }' Cargo.toml)

.PHONY: help test unit features docs interop kotlin kotlin-install kotlin-bench aar fuzz fuzz-smoke lint bench peers-bench figures conformance size swift swift-bindings swift-bench targets test-arm64 vectors fmt clean rust maven

help: ## Say what each target does.
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

test: unit features docs interop kotlin swift ## Run every test, installing what they need, and count them.
	@cd "$${CARGO_TARGET_DIR:-target}/counts"; echo; cat rust interop kotlin swift

unit: rust ## Run the tests of the crate and of its documentation.
	$(CARGO) test --workspace --all-features --locked | scripts/count.sh rust

features: rust ## Compile with no feature, and with each alone.
	$(CARGO) check --workspace --all-targets --locked --no-default-features
	for feature in $(FEATURES); do \
		echo "feature $$feature"; \
		$(CARGO) check -p attesta --all-targets --locked --no-default-features --features "$$feature"; \
	done

docs: rust ## Build the documentation; a warning fails.
	RUSTDOCFLAGS=-Dwarnings $(CARGO) doc --workspace --no-deps --all-features --locked

interop: rust ## Test against other implementations, a workspace of its own.
	@scripts/need.sh node=nodejs npm=npm openssl=openssl pkg-config=pkg-config openssl.pc=libssl-dev
	tests/interop/python/setup.sh
	npm ci --prefix tests/interop/node --no-audit --no-fund
	npm test --prefix tests/interop/node
	(cd tests/interop && $(CARGO) test --workspace --locked && (cd webvh && $(CARGO) test --locked) && cd ssi && $(CARGO) test --locked) | scripts/count.sh interop

kotlin: rust maven ## Build the Kotlin bindings, test and document them, and check the layout of the AAR.
	bindings/kotlin/generate.sh
	bindings/kotlin/generate.sh --issuer
	@mkdir -p bindings/kotlin/target
	@log=bindings/kotlin/target/maven.log; \
	$(MAVEN) -Pdocs package > $$log 2>&1 || { cat $$log; exit 1; }; \
	grep 'Tests run:' $$log | scripts/count.sh kotlin
	bindings/kotlin/aar.sh --host
	bindings/kotlin/aar.sh --issuer --host

swift: swift-bindings ## Build the Swift package, test and document it; a Swift of its own is fetched where there is none.
	scripts/swift.sh scripts/swift-test.sh | scripts/count.sh swift

swift-bindings: rust ## Build the library for this machine, and the Swift that calls it, into bindings/swift.
	scripts/swift-bindings.sh

swift-bench: rust ## Measure the Swift bindings.
	scripts/swift-bindings.sh mobile
	scripts/swift.sh scripts/swift-bench.sh

targets: rust ## Type-check what ships to phones for Android and iOS, without their SDKs.
	scripts/targets.sh

test-arm64: rust ## Run the core's tests as arm64 code, under emulation; it takes some minutes.
	scripts/test-arm64.sh

kotlin-install: rust maven ## Put the Kotlin bindings for this machine into the local Maven repository; FOR=issuer: those of issuers' apps.
	ATTESTA_PROFILE=mobile bindings/kotlin/generate.sh $(WHOSE)
	$(MAVEN) -q -DskipTests install -pl .,$(if $(WHOSE),issuer-ffi$(comma)issuer,ffi$(comma)attesta)

kotlin-bench: rust maven ## Measure the Kotlin bindings; the first verification may take 150 ms.
	ATTESTA_PROFILE=mobile bindings/kotlin/generate.sh --issuer
	$(MAVEN) -q -Pbench process-test-classes -pl issuer-ffi,issuer

aar: rust maven ## Build the AAR for phones; needs the NDK in ANDROID_NDK_HOME. Not part of the tests. FOR=issuer: that of issuers' apps.
	bindings/kotlin/generate.sh
	$(if $(WHOSE),bindings/kotlin/generate.sh --issuer)
	$(MAVEN) -q -DskipTests package -pl ffi,attesta,android$(if $(WHOSE),$(comma)issuer-ffi$(comma)issuer)
	bindings/kotlin/aar.sh $(WHOSE)

fuzz: rust ## Feed what reads strangers' bytes with bytes that nobody thought of, ten minutes each (SECONDS_EACH=600), or some of it (FUZZ="json verify").
	scripts/fuzz.sh $(or $(SECONDS_EACH),600) $(FUZZ)

fuzz-smoke: rust ## The same for some seconds each, with the same random numbers every time.
	FUZZ_SEED=1 scripts/fuzz.sh 5

lint: rust $(CARGO_DENY) ## Check format, lints, dependencies and words.
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets --all-features --locked -- -D warnings
	$(CARGO) clippy --workspace --all-targets --no-default-features --locked -- -D warnings
	cd tests/interop && $(CARGO) fmt --check && $(CARGO) clippy --all-targets --locked -- -D warnings
	cd tests/interop/webvh && $(CARGO) fmt --check && $(CARGO) clippy --all-targets --locked -- -D warnings
	@scripts/need.sh pkg-config=pkg-config openssl.pc=libssl-dev
	cd tests/interop/ssi && $(CARGO) fmt --check && $(CARGO) clippy --all-targets --locked -- -D warnings
	cd fuzz && $(CARGO) fmt --check && $(CARGO) clippy --all-targets --no-default-features --locked -- -D warnings
	$(CARGO_DENY) --workspace --locked check bans licenses sources
	@echo "Advisories are not among these: they need their database from the network (cargo deny check advisories)."
	$(CARGO) test --locked --test architecture --test dependencies --test words

bench: rust ## Measure, and print a line for each operation.
	ATTESTA_BENCH_HANDED=$(HANDED) $(CARGO) bench --bench table --all-features --locked

peers-bench: rust $(HANDED) ## Measure other implementations over what make bench verifies; building ssi takes minutes.
	@scripts/need.sh node=nodejs npm=npm pkg-config=pkg-config openssl.pc=libssl-dev
	npm ci --prefix tests/interop/node --no-audit --no-fund --silent
	npm run --silent --prefix tests/interop/node bench -- $(HANDED)
	cd tests/interop/ssi && $(CARGO) bench --bench table --locked

$(HANDED): $(wildcard benches/*.rs benches/*/*.rs)
	ATTESTA_BENCH_HANDED=$@ $(CARGO) bench --bench table --all-features --locked -- "nothing but what is handed over"

figures: rust maven ## Measure everything, and write README's figures anew; it takes some minutes.
	scripts/figures.sh

vectors: rust ## Write test-vectors/ anew from the cases in tests/vectors/, and the tables of docs/checks.md from both.
	UPDATE=1 $(CARGO) test --locked --test vectors the_files_are_what_the_cases_make
	UPDATE=1 $(CARGO) test --locked --test checks_document the_document_is_the_librarys_own

conformance: rust ## Run the standards' own vectors, and write how many agree into docs/conformance.md.
	scripts/conformance.sh

size: rust ## Build the library as it ships to phones, and that of issuers' apps; fail if one is too large, or a panic in it ends the app.
	scripts/size.sh $(ARM64_BYTES) $(MOBILE_BYTES) $(ISSUER_BYTES)

fmt: ## Format the code.
	$(CARGO) fmt --all

clean: ## Remove what was built. What is in ATTESTA_CACHE stays.
	$(CARGO) clean
	rm -rf tests/interop/target tests/interop/webvh/target tests/interop/ssi/target tests/interop/node/node_modules
	rm -rf fuzz/target fuzz/corpus fuzz/artifacts
	rm -rf bindings/swift/Native bindings/swift/Sources/AttestaFFI/*.swift
	rm -rf bindings/kotlin/target bindings/kotlin/*/target bindings/kotlin/*ffi/generated examples/kotlin/target

rust:
	@command -v $(CARGO) >/dev/null || { echo "Rust is missing: install it with rustup, from rust-lang.org." >&2; exit 1; }
	@scripts/need.sh git=git cc=gcc

maven:
	@scripts/need.sh javac=default-jdk-headless mvn=maven strip=binutils

# Without optimisation: it is run once, and builds in a quarter of the time.
$(CARGO_DENY):
	CARGO_PROFILE_RELEASE_OPT_LEVEL=0 CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
		$(CARGO) install cargo-deny --locked --version $(CARGO_DENY_VERSION) \
		--root $(ATTESTA_CACHE)/cargo-deny-$(CARGO_DENY_VERSION)
