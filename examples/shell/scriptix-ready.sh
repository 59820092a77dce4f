#!/bin/sh
# Makes sure that the Scriptix realtime service is running, and prints where to connect.
#
#     UNDERSTUDY_TOKEN=… UNDERSTUDY_API_URL=https://api.scriptix.io sh scriptix-ready.sh
#
# Exit codes: 0: the endpoint is on stdout. 1: it failed, and stderr says why. 2: wrong usage.
set -u

poll_every_s=5
status_limit_s=15
# A call of initialize waits until the service runs, which takes a while after it was scaled down.
initialize_limit_s=60
most_polls=36

note() { printf '%s\n' "$*" >&2; }

# If file descriptor 3 is open, reports are written there as NDJSON. Only quotes and backslashes need escaping here.
report() { if { true >&3; } 2>/dev/null; then printf '%s\n' "$1" >&3; fi; }
fail() {
  note "error: $2"
  report "{\"event\":\"error\",\"kind\":\"$1\",\"message\":\"$(printf '%s' "$2" | tr -d '\000-\037' | sed 's/[\\"]/\\&/g')\"}"
  exit 1
}

if [ $# -gt 0 ] || [ -z "${UNDERSTUDY_TOKEN:-}" ] || [ -z "${UNDERSTUDY_API_URL:-}" ]; then
  note 'Usage: UNDERSTUDY_TOKEN=… UNDERSTUDY_API_URL=https://… sh scriptix-ready.sh'
  exit 2
fi
key=${UNDERSTUDY_ADMIN_TOKEN:-$UNDERSTUDY_TOKEN}
base=${UNDERSTUDY_API_URL%/}
base=${base%/api/v4/realtime}/api/v4/realtime

# call METHOD NAME SECONDS: sets `status` to the HTTP status (000 for none) and `body` to the answer.
# curl reads the key from standard input, because every user of the machine can see a command line. printf is built into
# the shell, so it has no command line.
call() {
  answer=$(printf 'x-zoom-s2t-key: %s\n' "$key" |
    curl --silent --max-time "$3" --request "$1" --header @- --header 'content-type: application/json' \
      --write-out '\n%{http_code}' "$base/$2")
  status=$(printf '%s\n' "$answer" | tail -n 1)
  body=$(printf '%s\n' "$answer" | sed '$d' | tr -d '\r\n')
}

# field NAME: a text, or true or false, of the answer. A name after { or , with plain quotes cannot be in the middle of
# a text, where quotes are escaped. If you have jq: jq -r .NAME
field() {
  printf '%s\n' "$body" | sed -n \
    -e 's/.*[{,][[:space:]]*"'"$1"'"[[:space:]]*:[[:space:]]*"\([^"]*\)".*/\1/p;t' \
    -e 's/.*[{,][[:space:]]*"'"$1"'"[[:space:]]*:[[:space:]]*\([a-z]*\).*/\1/p'
}

# Only the status code and `ready` decide; the wording of the message may change.
judge() {
  case $status in
    200) ;;
    401 | 403) fail auth "$(field detail) (HTTP $status)" ;;
    # After no answer, or "too many requests", the next attempt may succeed.
    000 | 429) return 1 ;;
    *) fail server "$(field detail) (HTTP $status)" ;;
  esac
  case $(field ready) in
    true) return 0 ;;
    false) return 1 ;;
    *) fail server 'the service does not say whether it is ready' ;;
  esac
}

# Only for the user's information, but a refused key is noticed here already.
call GET status "$status_limit_s"
judge
note "service: $(field status)"

call POST initialize "$initialize_limit_s"
polls=0
until judge; do
  polls=$((polls + 1))
  [ "$polls" -le "$most_polls" ] || fail timeout 'the service did not become ready'
  note "service: $(field status)"
  sleep "$poll_every_s"
  call GET status "$status_limit_s"
done

endpoint=$(field endpoint)
case $endpoint in
  ws://* | wss://*) printf '%s\n' "$endpoint" ;;
  *) fail server 'the service does not say where to connect' ;;
esac
