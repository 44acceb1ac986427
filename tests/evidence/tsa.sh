#!/usr/bin/env bash
# Makes a time-stamping authority for tests, by openssl: tsa.sh DIR
#   ca.pem                      the authority that is trusted
#   tsa.pem tsa.key tsa.cnf     stamps by RSA, with its chain (ca.pem)
#   old.pem old.cnf             likewise, but its certificate ran out in 2021
#   fake.pem fake.cnf           of the same name as tsa.pem, by other.pem
#   other.pem                   an authority that signed nothing else
set -euo pipefail
cd "$1"

cat >ca.cnf <<'CNF'
[ca]
default_ca = here
[here]
database = ./index.txt
new_certs_dir = .
serial = ./serial
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
[tsa]
extendedKeyUsage = critical,timeStamping
CNF
: >index.txt
echo 1000 >serial

root() { # NAME CN
    openssl req -x509 -newkey rsa:2048 -nodes -keyout "$1.key" -out "$1.pem" \
        -days 3650 -subj "/CN=$2" -addext keyUsage=critical,keyCertSign
}
signed() { # NAME CN EXTENSIONS FROM TO CA
    openssl req -newkey rsa:2048 -nodes -keyout "$1.key" -out "$1.csr" \
        -subj "/CN=$2"
    openssl ca -batch -config ca.cnf -cert "$6.pem" -keyfile "$6.key" -notext \
        -in "$1.csr" -out "$1.pem" -extensions "$3" -startdate "$4" \
        -enddate "$5"
    cat >"$1.cnf" <<CNF
[tsa]
default_tsa = here
[here]
serial = ./serial-$1
signer_cert = ./$1.pem
signer_key = ./$1.key
certs = ./$6.pem
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_chain = no
ess_cert_id_alg = sha256
CNF
    echo 01 >"serial-$1"
}

root ca 'Test CA'
root other 'Other CA'
signed tsa 'Test TSA' tsa 20200101000000Z 20991231000000Z ca
signed old 'Old TSA' tsa 20200101000000Z 20210101000000Z ca
signed fake 'Test TSA' tsa 20200101000000Z 20991231000000Z other
