#!/bin/sh
# Two officers seal a bundle, an authority stamps it, others' programs verify
# both; the chain of bundles.
#   test_seal.sh ADWATCH DIR
set -u
. "$(dirname "$0")/faults.sh"
here=$(cd "$(dirname "$0")" && pwd)
ws=$work/ws
db=$ws/adwatch.db
tsa=$work/tsa
mkdir -p "$ws" "$work/in" "$tsa"

# ---- the authority ---------------------------------------------------------
"$here/../evidence/tsa.sh" "$tsa" >"$work/tsa.log" 2>&1
mkfifo "$work/hold"
python3 "$here/../evidence/tsa.py" "$tsa" "$work/port" <"$work/hold" >>"$work/tsa.log" 2>&1 &
server=$!
exec 9>"$work/hold"
trap 'exec 9>&-; wait $server' EXIT
for _ in $(seq 300); do [ -s "$work/port" ] || sleep 0.1; done
base=http://127.0.0.1:$(cat "$work/port")

config() { # URL
    cat >"$ws/adwatch.yaml" <<END
agent: {name: adwatch, purpose: test, contact: 'mailto:test@example.invalid'}
sources:
  - name: a
    start: ['http://127.0.0.1:9/']
evidence:
  officers:
    - {name: 王芳, key: wang.key, certificate: wang.pem, passphrase_file: wang.pass}
    - {name: 李强, key: li.key}
  tsa: {url: '$1', timeout_ms: 5000}
END
}
adwatch_in() { "$adwatch" -C "$ws" "$@"; }
user() { echo 'a long enough password' | adwatch_in user add "$@"; }
seals() { # STATUS BUNDLE NAME [PASSWORD]
    echo "${4:-a long enough password}" >"$work/password"
    exits "$1" adwatch_in seal "$2" --as "$3" <"$work/password" >"$work/seal.out"
}
one() { [ "$(sqlite3 "$db" "$1")" = "$2" ]; }

# ---- an office -------------------------------------------------------------
config "$base/500"
(
    cd "$ws" && echo 'key pass' >wang.pass &&
        openssl genpkey -algorithm SM2 -aes256 -pass file:wang.pass -out wang.key &&
        openssl req -x509 -new -key wang.key -passin file:wang.pass -sm3 -utf8 \
            -sigopt distid:1234567812345678 -days 30 -subj '/CN=王芳' -out wang.pem \
            -addext keyUsage=digitalSignature &&
        openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out li.key &&
        openssl pkey -in li.key -pubout -out "$work/li.pub" && chmod 600 wang.* li.key
) >"$work/keys.log" 2>&1
printf '理财保本保息，年化收益18%%，到期一分不少，加微信咨询' >"$work/in/1.txt"
adwatch_in ingest "$work/in" >/dev/null 2>&1
adwatch_in decide 1 confirm --as R-01 >/dev/null
user 王芳 --role reviewer --certificate 37080001 >/dev/null
user 李强 --role second_officer --certificate 37080002 >/dev/null
user 孙亮 --role supervisor >/dev/null
user 审计 --role auditor --certificate 37080009 >/dev/null

# ---- made, with an authority that fails ------------------------------------
check "a bundle is made where the authority fails" says 'status 500' adwatch_in bundle 1
bundle=$(ls "$ws"/bundles/*.zip)
sealed=$(basename "$bundle" .zip)
check "it waits for its stamp" one "SELECT stamp || stamp_tries FROM bundle" pending1
check "verify says what is missing" says 'not sealed' "$adwatch" verify "$bundle"
check "and that there is no stamp" says 'seal --retry' "$adwatch" verify "$bundle"
check "with trust, no seal is false" exits 1 "$adwatch" verify "$bundle" --trust "$work/li.pub" --no-stamp
check "and told as missing" sh -c "'$adwatch' verify '$bundle' --trust '$work/li.pub' --json |
    jq -es 'map(select(.state == \"missing\" and (.ok | not)) | .item) == [\"seals\", \"timestamp\"]'"
check "it is listed" says "not sealed  stamp pending" "$adwatch" -C "$ws" bundles
check "a retry that fails is told" exits 3 adwatch_in seal --retry

# ---- sealed ----------------------------------------------------------------
check "a wrong password does not seal" seals 1 "$sealed" 王芳 'not her password'
check "nor does an auditor" seals 1 "$sealed" 审计
check "nor who has no certificate" seals 1 "$sealed" 孙亮
config "$base/tsa"
check "an officer seals" seals 0 "$bundle" 王芳
check "and it is half sealed" grep -q 'half sealed' "$work/seal.out"
check "the stamp came with it" grep -q 'time stamp stamped' "$work/seal.out"
check "not twice" seals 1 "$sealed" 王芳
check "a second officer seals" seals 0 "$sealed.zip" 李强
check "all of it holds" exits 0 "$adwatch" verify "$bundle"
check "but who has the keys is not proven" says 'is not proven' "$adwatch" verify "$bundle"
check "with trust it is proven" exits 0 "$adwatch" verify "$bundle" --trust "$ws/wang.pem" \
    --trust "$work/li.pub" --trust "$tsa/ca.pem"
check "with another it is not" exits 1 "$adwatch" verify "$bundle" --trust "$tsa/other.pem"
check "items are JSON" sh -c "'$adwatch' verify '$bundle' --json |
    jq -es 'map(select(.item == \"seals\" or .item == \"timestamp\" or .item == \"chain\")) |
        length == 3 and all(.ok)'"
check "the audit chain tells of it" one \
    "SELECT count(*) FROM audit WHERE action IN ('seal', 'stamp')" 3
check "and is whole" exits 0 adwatch_in audit verify
check "so does its custody" says 签封 "$adwatch" -C "$ws" custody "$sealed"

# ---- others' programs ------------------------------------------------------
check "unzip -t" unzip -tq "$bundle"
(cd "$work" && unzip -q "$bundle" && mv "$sealed" out) >/dev/null 2>&1
cd "$work/out" || exit 1
check "sha256sum -c" sha256sum -c --quiet tagmanifest-sha256.txt manifest-sha256.txt
check "openssl ts -verify" openssl ts -verify -in seal/timestamp.tsr \
    -data tagmanifest-sha256.txt -CAfile "$tsa/ca.pem"
# The keys by their kinds, as the statements tell them.
key() { jq -r ".keys[] | select(.kind == \"$2\") | .id" "seal/officer-$1.json"; }
pkeyutl() { # OFFICER KEYID OPTIONS...
    officer=$1 id=$2
    shift 2
    openssl pkeyutl -verify -rawin -pubin -inkey "seal/keys/$id.pem" \
        -in "seal/officer-$officer.json" -sigfile "seal/officer-$officer.$id.sig" "$@"
}
check "openssl verifies Ed25519" pkeyutl 1 "$(key 1 Ed25519)"
check "openssl verifies SM2" pkeyutl 1 "$(key 1 SM2)" -digest sm3 \
    -pkeyopt distid:1234567812345678
check "openssl verifies RSA" pkeyutl 2 "$(key 2 RSA)" -digest sha256
check "the statement tells the manifest" [ "$(jq -r .tagmanifest_sha256 seal/officer-2.json)" = \
    "$(sha256sum tagmanifest-sha256.txt | cut -c1-64)" ]
cd "$work" || exit 1

# ---- the chain -------------------------------------------------------------
sleep 1.1 # names have seconds
adwatch_in bundle 1 >/dev/null 2>&1
check "the second hangs on the first" one \
    "SELECT count(*) FROM bundle a JOIN bundle b ON b.previous = a.hash WHERE b.id = 2" 1
check "the chain holds" exits 0 adwatch_in bundles verify
head=$(adwatch_in bundles verify | sed 's/.*head //')
check "by its head as well" exits 0 adwatch_in bundles verify --head "$head"
check "a head is NUMBER:HASH" exits 2 adwatch_in bundles verify --head 7
check "rows are JSON" sh -c "'$adwatch' -C '$ws' bundles --json |
    jq -es 'length == 2 and .[0].sealed_by == [\"王芳\", \"李强\"] and .[0].stamp == \"stamped\"'"

# ---- two at once -----------------------------------------------------------
at_once() {
    adwatch_in bundle 1 >"$work/one.out" 2>&1 &
    one=$!
    adwatch_in bundle 1 >"$work/two.out" 2>&1
    two=$?
    wait "$one" && [ "$two" = 0 ]
}
check "two bundles at once are made" at_once
check "both hang in the chain" one "SELECT count(*) FROM bundle" 4
check "which holds" exits 0 adwatch_in bundles verify
head=$(adwatch_in bundles verify | sed 's/.*head //')

# ---- killed between its row and its name ------------------------------------
last=$(ls -t "$ws"/bundles/*.zip | head -1)
mv "$last" "$last.tmp"
check "what has no name is told" says 'cut off' adwatch_in bundles verify
check "another is made" exits 0 adwatch_in bundle 1
check "and the first is finished" exits 0 adwatch_in bundles verify
head=$(adwatch_in bundles verify | sed 's/.*head //')

cp "$db" "$work/db"
sqlite3 "$db" "PRAGMA foreign_keys = OFF; DELETE FROM bundle WHERE id = 5"
check "one cut off is found by the head" exits 1 adwatch_in bundles verify --head "$head"
cp "$work/db" "$db"
mv "$bundle" "$work/away.zip"
check "a missing file is told" exits 3 adwatch_in bundles verify
cp "$(ls "$ws"/bundles/*.zip | tail -1)" "$bundle"
check "another in its place is found" exits 1 adwatch_in bundles verify

# ---- what was changed ------------------------------------------------------
python3 - "$work/away.zip" "$work/changed.zip" <<'END'
import sys
data = bytearray(open(sys.argv[1], 'rb').read())
at = data.index(b'"certificate":"37080001"') + len('"certificate":"3708000')
data[at] ^= 1
open(sys.argv[2], 'wb').write(data)
END
check "a changed statement is found" exits 1 "$adwatch" verify "$work/changed.zip"
finish
