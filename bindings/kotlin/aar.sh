#!/usr/bin/env bash
# Assembles the AAR from the jars that Maven built.
#
#   aar.sh            with a library for each ABI, built with the NDK that ANDROID_NDK_HOME names
#   aar.sh --host     with this machine's library in the place of x86_64: no phone takes it, but its layout is checked
#   aar.sh --issuer   the one of issuers' apps; --host may follow
set -euo pipefail
cd "$(dirname "$0")"

# The name, and the folders of the generated part and of what is written by hand.
artifact=attesta-android ffi=ffi/target/attesta-ffi layer=attesta/target/attesta issuer=()
if [ "${1:-}" = --issuer ]; then
    artifact=attesta-issuer-android ffi=issuer-ffi/target/attesta-issuer-ffi layer=issuer/target/attesta-issuer
    issuer=(--issuer)
    shift
fi

version=$(sed -n 's|^  <version>\(.*\)</version>|\1|p' pom.xml)
min_sdk=$(sed -n 's|.*android:minSdkVersion="\([0-9]*\)".*|\1|p' android/AndroidManifest.xml)
stage=target/$artifact
rm -rf "$stage"
mkdir -p "$stage/classes" "$stage/jni" "$stage/META-INF/com/android/build/gradle"

# Builds the library for one ABI: the name that Android has for it, Rust's, and the compiler of the NDK.
library() {
    local abi=$1 target=$2 compiler=$3 folder
    local linker="$ANDROID_NDK_HOME/toolchains/llvm/prebuilt/linux-x86_64/bin/$compiler$min_sdk-clang"
    [ -x "$linker" ] || { echo "$linker is not there: is ANDROID_NDK_HOME an NDK?" >&2; exit 1; }
    folder=$(ATTESTA_LINKER=$linker ../../scripts/phone-library.sh ${issuer[@]+"${issuer[@]}"} "$target")
    install -D "$folder/libattesta_ffi.so" "$stage/jni/$abi/libattesta_ffi.so"
}

if [ "${1:-}" = --host ]; then
    name=$artifact-$version-host.aar
    abis=(x86_64)
    install -D "${ffi%%/*}"/generated/native/*/libattesta_ffi.so "$stage/jni/x86_64/libattesta_ffi.so"
else
    : "${ANDROID_NDK_HOME:?Install the Android NDK, and let ANDROID_NDK_HOME name its folder.}"
    name=$artifact-$version.aar
    abis=(arm64-v8a armeabi-v7a x86_64)
    library arm64-v8a aarch64-linux-android aarch64-linux-android
    library armeabi-v7a armv7-linux-androideabi armv7a-linux-androideabi
    library x86_64 x86_64-linux-android x86_64-linux-android
fi

for jar in "$ffi" "$layer" android/target/attesta-android-classes; do
    (cd "$stage/classes" && jar --extract --file "../../../$jar-$version.jar" org META-INF)
done
find "$stage/classes/META-INF" -type f ! -name '*.kotlin_module' -delete
find "$stage/classes" -type d -empty -delete
jar --create --no-manifest --date=2000-01-01T00:00:00Z --file "$stage/classes.jar" -C "$stage/classes" .
rm -r "$stage/classes"

cp android/AndroidManifest.xml "$stage/AndroidManifest.xml"
cp android/consumer-rules.pro "$stage/proguard.txt"
: > "$stage/R.txt"
printf '%s\n' aarFormatVersion=1.0 aarMetadataVersion=1.0 minCompileSdk=1 \
    > "$stage/META-INF/com/android/build/gradle/aar-metadata.properties"
jar --create --no-manifest --date=2000-01-01T00:00:00Z --file "target/$name" -C "$stage" .

# What Android's build tools look for, and nothing else.
fail() { echo "$name: $1" >&2; exit 1; }
expected=$({
    printf '%s\n' AndroidManifest.xml R.txt classes.jar proguard.txt \
        META-INF/com/android/build/gradle/aar-metadata.properties
    printf 'jni/%s/libattesta_ffi.so\n' "${abis[@]}"
} | sort)
found=$(jar --list --file "target/$name" | grep -v '/$' | sort)
[ "$found" = "$expected" ] || fail "it holds
$found
where this was expected:
$expected"
[ "$min_sdk" -le 23 ] || fail "minSdkVersion is $min_sdk, above 23"
classes=$(jar --list --file "$stage/classes.jar")
for class in org/attesta/{Attesta,Verifier,ffi/UniffiLib,android/AndroidKeystoreSigner}; do
    grep -qx "$class.class" <<<"$classes" || fail "classes.jar has no $class"
done
# What issuers alone use is in theirs, and in theirs alone.
for class in org/attesta/{DidWebvh,IssuerRegister,RegisterStore}; do
    kept=$(grep -cx "$class.class" <<<"$classes" || true)
    [ "$kept" = "${#issuer[@]}" ] || fail "classes.jar has $kept of $class, where ${#issuer[@]} was expected"
done
if grep -vE '^(org/attesta/.*\.class|META-INF/.*\.kotlin_module|.*/)$' <<<"$classes"; then
    fail "classes.jar holds more than this library's classes"
fi
# The machine of an ELF header (offset 18): 183 is AArch64, 40 is ARM, 62 is x86-64.
for abi in "${abis[@]}"; do
    machine=$(od -An -tu2 -j18 -N2 "$stage/jni/$abi/libattesta_ffi.so" | tr -d ' ')
    case "$abi $machine" in
        'arm64-v8a 183' | 'armeabi-v7a 40' | 'x86_64 62') ;;
        *) [ "${1:-}" = --host ] || fail "the library for $abi is for machine $machine" ;;
    esac
done

echo "bindings/kotlin/target/$name: $(stat -c %s "target/$name") bytes, ${abis[*]}"
[ "${1:-}" != --host ] || exit 0
sed "s|@ARTIFACT@|$artifact|; s|@VERSION@|$version|" android/aar-pom.xml > target/aar-pom.xml
mvn -q install:install-file -Dfile="target/$name" -DpomFile=target/aar-pom.xml -Dpackaging=aar
