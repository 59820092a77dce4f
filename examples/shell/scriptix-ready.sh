#!/bin/sh
# Makes sure that the Scriptix realtime service runs, and prints where to connect.
#
#     UNDERSTUDY_TOKEN=… UNDERSTUDY_API_URL=https://api.scriptix.io sh scriptix-ready.sh
#
# 0: the endpoint is on stdout. 1: it failed, and stderr says why. 2: wrong usage.
set -u

poll_every_s=5
status_limit_s=15
# Initialize waits until the service runs, which takes a while when it was scaled down.
initialize_limit_s=60
most_polls=36

note() { printf '%s\n' "$*" >&2; }

# Whoever opens file descriptor 3 gets reports as NDJSON. Quotes and backslashes are all that has to be escaped here.
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
# The key comes from standard input, because everybody on the machine can read a command line. printf is a part of the
# shell and has none.
call() {
  answer=$(printf 'x-zoom-s2t-key: %s\n' "$key" |
    curl --silent --max-time "$3" --request "$1" --header @- --header 'content-type: application/json' \
      --write-out '\n%{http_code}' "$base/$2")
  status=$(printf '%s\n' "$answer" | tail -n 1)
  body=$(printf '%s\n' "$answer" | sed '$d' | tr -d '\r\n')
}

# field NAME: a text, or true or false, of the answer. A name after { or , with plain quotes cannot be in the middle of
# a text, where quotes are escaped. Where there is jq: jq -r .NAME
field() {
  printf '%s\n' "$body" | sed -n \
    -e 's/.*[{,][[:space:]]*"'"$1"'"[[:space:]]*:[[:space:]]*"\([^"]*\)".*/\1/p;t' \
    -e 's/.*[{,][[:space:]]*"'"$1"'"[[:space:]]*:[[:space:]]*\([a-z]*\).*/\1/p'
}

# What decides is the status code and `ready`; the message is for people and may be worded in any way.
judge() {
  case $status in
    200) ;;
    401 | 403) fail auth "$(field detail) (HTTP $status)" ;;
    # No answer and "too often" may be otherwise the next time.
    000 | 429) return 1 ;;
    *) fail server "$(field detail) (HTTP $status)" ;;
  esac
  case $(field ready) in
    true) return 0 ;;
    false) return 1 ;;
    *) fail server 'the service does not say whether it is ready' ;;
  esac
}

# Only for the user's information, but a key that is refused is refused here already.
call GET status "$status_limit_s"
judge
note "service: $(field status)"

call POST initialize "$initialize_limit_s"
polls=0
until judge; do
  polls=$((polls + 1))
  [ "$polls" -le "$most_polls" ] || fail timeout 'the service does not get ready'
  note "service: $(field status)"
  sleep "$poll_every_s"
  call GET status "$status_limit_s"
done

endpoint=$(field endpoint)
case $endpoint in
  ws://* | wss://*) printf '%s\n' "$endpoint" ;;
  *) fail server 'the service does not say where to connect' ;;
esac
