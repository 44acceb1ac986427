#!/bin/sh
# The server as it is started by people: users, logging in, what is refused,
# TLS, a restart, the end while a request is under way.
#   test_serve.sh ADWATCH DIR
set -u
here=$(cd "$(dirname "$0")" && pwd)
adwatch=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
work=$2
rm -rf "$work"
mkdir -p "$work"
work=$(cd "$work" && pwd)
. "$here/lib.sh"
ws=$work/ws
password='correct horse battery'

server=''
end_server() {
    [ -z "$server" ] || kill "$server" 2>/dev/null
}
trap end_server EXIT
trap 'exit 130' INT TERM

# ---- starting and asking -----------------------------------------------------

# start OPTION...: serves, and sets server, origin and captures.
start() {
    : >"$work/serve.out"
    "$adwatch" -C "$ws" serve "$@" >"$work/serve.out" 2>>"$work/serve.log" &
    server=$!
    for _ in $(seq 300); do
        grep -q serving "$work/serve.out" && break
        kill -0 "$server" 2>/dev/null || break
        sleep 0.1
    done
    origin=$(sed -n 's|^adwatch: serving \(.*\)/ (captures: .*/)$|\1|p' "$work/serve.out")
    captures=$(sed -n 's|.*(captures: \(.*\)/)$|\1|p' "$work/serve.out")
    api=$origin/api/v1
    [ -n "$origin" ] && [ -n "$captures" ]
}

# ends: SIGTERM, and the exit status of the server.
ends() {
    kill "${2:--TERM}" "$server"
    got=0
    wait "$server" || got=$?
    server=''
    [ "$got" -eq "$1" ] || {
        echo "the server ended with $got, not $1"
        tail -5 "$work/serve.log"
        return 1
    }
}

# status WANT CURL-OPTION...: the status of the answer, whose head and body are
# in answer.head and answer.body.
status() {
    want=$1
    shift
    got=$(curl -s -m 60 --cacert "$work/cert.pem" -D "$work/answer.head" \
        -o "$work/answer.body" -w '%{http_code}' "$@")
    [ "$got" = "$want" ] || {
        echo "status $got, not $want: $*"
        cat "$work/answer.body"
        return 1
    }
}

write() { # PATH BODY CURL-OPTION...: as a page of this server does
    path=$1
    body=$2
    shift 2
    set -- -H "Origin: $origin" -H 'Content-Type: application/json' \
        --data-binary "$body" "$@" "$api$path"
    status "$want_write" "$@"
}
writes() {
    want_write=$1
    shift
    write "$@"
}

# log_in NAME: cookies in NAME.jar, the token in NAME.csrf.
log_in() {
    writes 200 /login "{\"name\":\"$1\",\"password\":\"$password\"}" \
        -c "$work/$1.jar" || return 1
    sed 's/.*"csrf":"\([0-9a-f]*\)".*/\1/' "$work/answer.body" >"$work/$1.csrf"
}
as() { # NAME STATUS PATH
    status "$2" -b "$work/$1.jar" "$api$3"
}
writes_as() { # NAME STATUS PATH BODY CURL-OPTION...
    who=$1
    want_write=$2
    path=$3
    body=$4
    shift 4
    write "$path" "$body" -b "$work/$who.jar" \
        -H "X-CSRF-Token: $(cat "$work/$who.csrf")" "$@"
}
head_says() {
    grep -qiF -- "$1" "$work/answer.head" || {
        echo "the head lacks '$1'"
        cat "$work/answer.head"
        return 1
    }
}
body_says() {
    grep -qF -- "$1" "$work/answer.body" || {
        echo "the body lacks '$1'"
        cat "$work/answer.body"
        return 1
    }
}
add_user() { # NAME ROLE
    echo "$password" | "$adwatch" -C "$ws" user add "$1" --role "$2" --as tester
}

"$adwatch" init "$ws" >/dev/null
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 \
    -subj /CN=127.0.0.1 -addext 'subjectAltName=IP:127.0.0.1' \
    -keyout "$work/key.pem" -out "$work/cert.pem" 2>/dev/null
user() { "$adwatch" -C "$ws" user "$@"; }

# ---- users ---------------------------------------------------------------------

check 'without a user serve says so' sh -c "
    timeout 3 '$adwatch' -C '$ws' serve --port 0 --capture-port 0 2>&1 |
    grep -q 'user add NAME --role administrator'"
for role in reviewer second_officer supervisor administrator auditor; do
    check "a $role is added" add_user "$role" "$role"
done
check 'a name is had once' exits 1 add_user auditor reviewer
check 'a role that is none' exits 2 add_user x king
check 'a role is needed' sh -c "
    echo '$password' | '$adwatch' -C '$ws' user add x 2>&1 | grep -q 'give --role'"
check 'a short password is refused' sh -c "
    echo short | '$adwatch' -C '$ws' user add x --role auditor 2>&1 |
    grep -q '10 characters or more'"
check 'no password is refused' sh -c "
    '$adwatch' -C '$ws' user add x --role auditor </dev/null 2>&1 |
    grep -q 'no password on standard input'"
check 'users are listed' says 'second_officer' user list
check 'users are listed as JSON' says \
    '{"id":1,"name":"reviewer","role":"reviewer","place":"","certificate":"","active":true,"open_sessions":0}' \
    user list --json
check 'an unknown user' exits 1 user off nobody
check 'an unknown part' exits 2 user drop reviewer
check 'a word is missing' exits 2 user role reviewer
check 'no password is in the store' sh -c "! grep -q 'horse battery' '$ws'/adwatch.db*"

# ---- where it may listen ---------------------------------------------------------

serve() { timeout 20 "$adwatch" -C "$ws" serve --port 0 --capture-port 0 "$@"; }
check 'beyond this machine it wants TLS' exits 2 serve --bind 0.0.0.0
check 'and a name' exits 2 serve --bind 0.0.0.0 \
    --certificate "$work/cert.pem" --key "$work/key.pem"
check 'an origin over TLS' exits 2 serve --origin http://adwatch.example
check 'an origin, and no address' exits 2 serve --origin https://adwatch.example/x
check 'a certificate with its key' exits 2 serve --certificate "$work/cert.pem"
check 'a certificate that is one' exits 1 serve \
    --certificate "$work/key.pem" --key "$work/key.pem"
check 'an address that is one' exits 1 serve --bind localhost --origin https://a.example

# ---- logging in ------------------------------------------------------------------

check 'it starts' start --port 0 --capture-port 0
check 'a port that is taken' exits 1 serve --port "${origin##*:}"
check 'the page is there' status 200 "$origin/"
check 'without a session' status 401 "$api/session"
for role in reviewer second_officer supervisor administrator auditor; do
    check "$role logs in" log_in "$role"
done
check 'the cookie is for this server alone' \
    grep -q '^#HttpOnly_127.0.0.1.*aw_session' "$work/reviewer.jar"
head_says_strict() {
    writes 200 /login "{\"name\":\"auditor\",\"password\":\"$password\"}" &&
        head_says 'HttpOnly; SameSite=Strict'
}
check 'and goes to no other' head_says_strict
check 'a session has a user' as reviewer 200 /session
check 'whose name it says' body_says '"user":{"id":1,"name":"reviewer"'
wrong() { writes "$1" /login "{\"name\":\"$2\",\"password\":\"wrong horse battery\"}"; }
# On a busy machine the first waits, of a second or two, may be over in time.
waits() {
    for _ in 1 2 3 4 5 6 7 8; do
        wrong 429 "$1" && return
    done
    return 1
}
for someone in auditor nobody; do
    for _ in 1 2 3 4 5; do
        check "a wrong password of $someone" wrong 401 "$someone"
    done
    check "then $someone has to wait" waits "$someone"
    check 'and is told how long' head_says 'Retry-After: '
done

# ---- what is refused -------------------------------------------------------------

check 'a write without the token' writes 403 /logout '' -b "$work/reviewer.jar"
check 'a write with the token of another' writes 403 /logout '' \
    -b "$work/reviewer.jar" -H "X-CSRF-Token: $(cat "$work/supervisor.csrf")"
check 'a write from elsewhere' status 403 -b "$work/reviewer.jar" -X POST \
    -H "X-CSRF-Token: $(cat "$work/reviewer.csrf")" \
    -H 'Origin: http://evil.example' "$api/logout"
check 'a write from nowhere' status 403 -b "$work/reviewer.jar" -X POST \
    -H "X-CSRF-Token: $(cat "$work/reviewer.csrf")" "$api/logout"
check 'a write from the captured pages' status 403 -b "$work/reviewer.jar" -X POST \
    -H "X-CSRF-Token: $(cat "$work/reviewer.csrf")" -H "Origin: $captures" "$api/logout"
check 'another name of this address' status 421 -H 'Host: evil.example' "$origin/"
check 'the session is still there' as reviewer 200 /session
check 'an unknown address' as reviewer 404 /nothing
check 'a method that is not for it' status 405 -X DELETE "$api/session"
check 'which says which is' head_says 'Allow: GET'
head -c 2000000 /dev/zero | tr '\0' x >"$work/large"
check 'a body too large' writes 413 /login "@$work/large"
check 'a body too large for its route' writes 413 /login \
    "{\"name\":\"$(head -c 5000 "$work/large")\"}"
check 'in chunks too' writes 413 /login "@$work/large" -H 'Transfer-Encoding: chunked'
check 'a body that is none' writes 400 /login '{"name":'
matrix() { # PATH STATUS-OF-EACH-ROLE
    path=$1
    shift
    for role in reviewer second_officer supervisor administrator auditor; do
        as "$role" "$1" "$path" || return 1
        shift
    done
}
check 'who sees users' matrix /users 403 403 200 200 403
check 'who sees people' matrix /people 200 200 200 200 200
headers() {
    status 200 "$origin/" && head_says "script-src 'self';" &&
        head_says "frame-ancestors 'none'" && head_says "frame-src $captures;" &&
        head_says 'X-Content-Type-Options: nosniff' &&
        head_says 'Referrer-Policy: no-referrer' &&
        head_says 'Cross-Origin-Opener-Policy: same-origin' &&
        ! grep -qi 'unsafe\|^Server:\|Strict-Transport' "$work/answer.head"
}
check 'the page is guarded' headers
no_cookie() {
    status 404 -b "$work/reviewer.jar" "$captures/" &&
        ! grep -qi '^Set-Cookie' "$work/answer.head"
}
check 'captured pages have no cookie' no_cookie

# ---- rights that are taken away ------------------------------------------------

check 'a new password' sh -c "
    echo '$password' | '$adwatch' -C '$ws' user passwd second_officer"
check 'ends the sessions' as second_officer 401 /session
check 'a new role' user role supervisor reviewer
check 'ends them too' as supervisor 401 /session
check 'who is switched off' user off auditor
check 'is out' as auditor 401 /session
check 'and can be let in again' user on auditor
check 'an administrator makes a user' writes_as administrator 201 /users \
    "{\"name\":\"王芳\",\"role\":\"reviewer\",\"place\":\"370811\",\"password\":\"$password\"}"
check 'who logs in' log_in 王芳
check 'and goes out' writes_as 王芳 204 /logout ''
check 'and is out' as 王芳 401 /session

# ---- restart, end ----------------------------------------------------------------

check 'it ends' ends 0
check 'it starts again on its port' start --port "${origin##*:}" --capture-port 0
check 'the session is still there' as reviewer 200 /session
check 'the request log names no token' sh -c "
    grep -q 'request method=POST path=/api/v1/login status=200' '$work/serve.log' &&
    ! grep -q 'horse\|$(cat "$work/reviewer.csrf")' '$work/serve.log'"
# A login takes its tenth of a second: the server is told to end meanwhile.
under_way() {
    curl -s -m 60 -H "Origin: $origin" -H 'Content-Type: application/json' \
        --data-binary "@$work/login.json" --limit-rate 400 -o "$work/under.body" \
        -w '%{http_code}' "$api/login" >"$work/under.status" &
    asked=$!
    sleep 1
    ends 0 || return 1
    wait "$asked"
    [ "$(cat "$work/under.status")" = 200 ]
}
printf '{"name":"reviewer","password":"%s","more":"%01000d"}' "$password" 0 >"$work/login.json"
check 'what is under way is answered before the end' under_way
check 'it starts once more' start --port 0 --capture-port 0
check 'SIGINT ends it as well' ends 0 -INT

# ---- TLS -------------------------------------------------------------------------

check 'it starts with TLS' start --port 0 --capture-port 0 \
    --certificate "$work/cert.pem" --key "$work/key.pem"
check 'it is called so' test "${origin%%:*}" = https
check 'the page comes over TLS' status 200 "$origin/"
check 'and shall stay so' head_says 'Strict-Transport-Security: max-age='
check 'one logs in over TLS' log_in reviewer
check 'by a cookie for TLS alone' grep -q '__Host-aw_session' "$work/reviewer.jar"
check 'and is known' as reviewer 200 /session
check 'not in the clear' status 000 "http://${origin#https://}/"
check 'not by an old TLS' status 000 --tls-max 1.1 "$origin/"
check 'captured pages come over TLS' status 404 "$captures/"
check 'it ends over TLS' ends 0

finish
