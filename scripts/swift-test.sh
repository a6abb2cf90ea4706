#!/usr/bin/env bash
# Everything that tests the Swift package: format, tests, programs of their own, the example, Apple's part, documentation.
# scripts/swift-bindings.sh comes first.
#
# usage: scripts/swift.sh scripts/swift-test.sh
set -euo pipefail
cd "$(dirname "$0")/.."

package=$PWD/bindings/swift
example=$PWD/examples/swift/phone-and-desk
scratch=${CARGO_TARGET_DIR:-$PWD/target}/swift
mkdir -p "$scratch"

swift format lint --strict --recursive "$package"/{Package.swift,Tests,checks/Package.swift,checks/Sources,checks/apple} \
    "$package"/Sources/Attesta{,Issuer} "$example"/{Package.swift,Sources}

swift test --disable-xctest --package-path "$package" --scratch-path "$scratch/tests" -Xswiftc -warnings-as-errors

# A library of another version gives an error. Apple's linker cannot put anything between the bindings and the library.
if [ "$(uname -s)" = Linux ]; then
    swift run -q --package-path "$package/checks" --scratch-path "$scratch/checks" OtherLibrary
fi

# The example. A demonstration that refuses nobody shows nothing: it must say all three.
said=$(swift run -q --package-path "$example" --scratch-path "$scratch/example" PhoneAndDesk)
echo "$said"
for sentence in "The bank opens the account." "The bank refuses the copy." "cannot show the letter"; do
    grep -qF "$sentence" <<<"$said" || { echo "The example does not say: $sentence" >&2; exit 1; }
done

# What only Apple's systems have is compiled against declarations of it, where there is no Apple system to compile it on,
# and run against a stand-in.
if [ "$(uname -s)" = Linux ]; then
    modules=$scratch/apple
    rm -rf "$modules"
    mkdir -p "$modules"
    built=$(swift build --package-path "$package" --scratch-path "$scratch/tests" --show-bin-path)
    compile() {
        local module=$1
        shift
        swiftc -c -wmo -parse-as-library -module-name "$module" -swift-version 6 -warnings-as-errors -package-name swift \
            -I "$modules" -I "$built/Modules" -I "$package/Native" \
            -emit-module-path "$modules/$module.swiftmodule" -o "$modules/$module.o" "$@"
    }
    for module in Security LocalAuthentication CryptoKit SwiftUI; do
        compile "$module" "$package/checks/apple/$module.swift"
    done
    compile Attesta "$package"/Sources/Attesta/*.swift
    compile AttestaIssuer "$package"/Sources/AttestaIssuer/*.swift
    swiftc -swift-version 6 -warnings-as-errors -module-name SecureEnclaveCheck \
        -I "$modules" -I "$built/Modules" -I "$package/Native" -L "$package/Native" \
        "$package/checks/apple/main.swift" "$package/Tests/AttestaIssuerTests/Readme.swift" \
        "$modules"/*.o "$built"/AttestaFFI.build/*.swift.o -o "$modules/check"
    "$modules/check"

    # The documentation; a warning fails. On a Mac: xcodebuild docbuild.
    triple=$(basename "$(dirname "$(readlink -f "$built")")")
    document() {
        local module=$1 least=$2 docs=$scratch/docs/$1 pages
        mkdir -p "$docs/symbols"
        swift-symbolgraph-extract -module-name "$module" -target "$triple" -I "$built/Modules" -I "$package/Native" \
            -minimum-access-level public -skip-synthesized-members -experimental-allowed-reexported-modules=AttestaFFI \
            -output-dir "$docs/symbols"
        docc convert "$package/Sources/$module/$module.docc" --additional-symbol-graph-dir "$docs/symbols" \
            --fallback-display-name "$module" --fallback-bundle-identifier "org.attesta.$module" \
            --output-dir "$docs/$module.doccarchive" --warnings-as-errors
        pages=$(find "$docs/$module.doccarchive/data/documentation/${module,,}" -name '*.json' | wc -l)
        [ "$pages" -ge "$least" ] || { echo "The documentation of $module has only $pages pages." >&2; exit 1; }
        echo "The documentation of $module has $pages pages."
    }
    rm -rf "$scratch/docs"
    document Attesta 300
    document AttestaIssuer 30
fi
