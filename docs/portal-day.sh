#!/usr/bin/env bash
# A portal's whole day, by curl and jq alone: a room for an appointment, a token for
# each person, the webhook that says that an extension window is open, an extension,
# the second one that comes too late, the end, and the ledger that tells all of it.
# It stops at the first thing that is not as docs/api.md says.
#
# Try it by hand:
#
#   echo "portal:$(openssl rand -base64 32)" > keys.txt
#   echo "http://127.0.0.1:9911/ whsec_$(openssl rand -base64 32)" > hooks.txt
#   overtime --addr 127.0.0.1:8080 \
#     --api-keys keys.txt --webhooks hooks.txt --webhook-private &
#   KEY=$(cat keys.txt) SECRET=$(cut -d' ' -f2 hooks.txt) docs/portal-day.sh
#
# What it takes from the environment:
#
#   KEY        an API key, id:secret
#   URL        where the server is           (http://127.0.0.1:8080)
#   OVERTIME   the program, for two people   (overtime)
#   SECRET     the webhook's secret, for a receiver of its own on HOOK_PORT (9911);
#   HOOK_LOG   or the file into which another receiver writes each webhook that it
#              has verified, on a line of its own
set -euo pipefail

: "${KEY:?say which API key to use: KEY=id:secret}"
URL=${URL:-http://127.0.0.1:8080}
OVERTIME=${OVERTIME:-overtime}
API=$URL/api/v1
PATIENCE=${PATIENCE:-60} # seconds that anything may take

work=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$work"' EXIT

say() { printf '%s\n' "$*"; }

fail() {
  printf 'portal-day: %s\n' "$*" >&2
  exit 1
}

# call METHOD PATH [BODY] [curl's arguments]: leaves STATUS and BODY.
call() {
  local method=$1 path=$2 json=() answer
  shift 2
  if [ $# -gt 0 ]; then
    [ -z "$1" ] || json=(-H 'Content-Type: application/json' --data "$1")
    shift
  fi
  answer=$(curl -sS -X "$method" "$API$path" -H "Authorization: Bearer $KEY" "${json[@]}" -w '\n%{http_code}' "$@") ||
    fail "$method $path: the server at $URL does not answer"
  STATUS=${answer##*$'\n'}
  BODY=${answer%$'\n'*}
}

# want STATUS CALL...: a call that must be answered so.
want() {
  local wanted=$1
  shift
  call "$@"
  [ "$STATUS" = "$wanted" ] || fail "$1 $2: answered $STATUS, not $wanted: $BODY"
}

# of BODY: one value.
of_body() { jq -er "$1" <<<"$BODY" || fail "the answer has no $1: $BODY"; }

# same WHAT IS WANTED
same() { [ "$2" = "$3" ] || fail "$1 is $2, not $3"; }

# told TYPE: the webhooks of that type about our room, one on each line.
told() {
  jq -cR --arg type "$1" --arg room "$ROOM" \
    'fromjson? | select(.type == $type and .data.room_id == $room)' "$HOOK_LOG"
}

# await TYPE [N]: waits for the Nth webhook of that type, and prints it.
await() {
  local late=$((SECONDS + PATIENCE)) line
  until line=$(told "$1" | sed -n "${2:-1}p") && [ -n "$line" ]; do
    [ "$SECONDS" -lt "$late" ] || fail "no webhook $1 came in $PATIENCE seconds"
    sleep 0.1
  done
  printf '%s\n' "$line"
}

if [ -z "${HOOK_LOG:-}" ]; then
  : "${SECRET:?say what the webhook is signed with: SECRET=whsec_...}"
  HOOK_LOG=$work/hooks
  touch "$HOOK_LOG"
  SECRET=$SECRET HOOK_LOG=$HOOK_LOG python3 - "${HOOK_PORT:-9911}" <<'PYTHON' &
import base64, hashlib, hmac, http.server, os, sys
key = base64.b64decode(os.environ["SECRET"].removeprefix("whsec_"))
class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        signed = f'{self.headers["webhook-id"]}.{self.headers["webhook-timestamp"]}.'.encode() + body
        right = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        good = any(hmac.compare_digest(right, s) for s in self.headers["webhook-signature"].split())
        if good:
            with open(os.environ["HOOK_LOG"], "ab") as log:
                log.write(body + b"\n")
        self.send_response(204 if good else 400)
        self.end_headers()
    def log_message(self, *args): pass
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver).serve_forever()
PYTHON
fi

say '1. A stranger gets nowhere.'
same 'without a key the status' "$(curl -sS -o "$work/no" -w '%{http_code}' "$API/rooms")" 401
same 'its code' "$(jq -r .code "$work/no")" unauthorized

say '2. A room for an appointment, however often it is asked for.'
booking=appointment-$(date +%s)-$$
wish=$(jq -nc --arg id "$booking" '{external_id: $id, name: "Asha Rao and Dr Lind", duration_minutes: 10}') # so its window is open from the start
want 201 POST /rooms "$wish"
ROOM=$(of_body .id)
want 200 POST /rooms "$wish"
same 'the room of the second request' "$(of_body .id)" "$ROOM"
want 409 POST /rooms "$(jq -c '.duration_minutes = 45' <<<"$wish")"
same 'the code of another wish' "$(of_body .code)" conflict
want 404 GET "/rooms/$ROOM/session"

say '3. A token for each person, and both come in.'
want 201 POST "/rooms/$ROOM/tokens" '{"name": "Asha Rao", "user_ref": "patient-17"}'
asha=$(of_body .url)
want 201 POST "/rooms/$ROOM/tokens" '{"name": "Dr Lind", "user_ref": "doctor-2", "role": "moderator"}'
lind=$(of_body .url)
"$OVERTIME" join "$asha" >"$work/asha" 2>&1 &
asha_pid=$!
"$OVERTIME" join "$lind" >"$work/lind" 2>&1 &
lind_pid=$!
await participant.joined 2 >/dev/null
same 'how many sessions have started' "$(told session.started | wc -l | tr -d ' ')" 1
want 200 GET "/rooms/$ROOM/participants"
same 'who is there' "$(of_body '[.participants[].user_ref] | sort | join(" ")')" 'doctor-2 patient-17'

say '4. The webhook says that anyone may extend.'
window=$(await window.opened)
end=$(jq -r .data.ends_at <<<"$window")
want 200 GET "/rooms/$ROOM/session"
same 'the end that the session has' "$(of_body .ends_at)" "$end"
same 'the window that is open' "$(of_body .window.name)" "$(jq -r .data.window <<<"$window")"

say '5. An extension, which repeated is the same one.'
want 200 POST "/rooms/$ROOM/extend" '{"minutes": 30, "by": "Reception"}' -H "Idempotency-Key: $booking"
same 'what was granted' "$(of_body .extended_minutes)" 30
granted=$BODY
want 200 POST "/rooms/$ROOM/extend" '{"minutes": 30, "by": "Reception"}' -H "Idempotency-Key: $booking"
same 'the answer to the repetition' "$BODY" "$granted"
want 409 POST "/rooms/$ROOM/extend" "$(jq -nc --arg at "$end" '{ends_at: $at}')"
same 'the code of a second extension' "$(of_body .code)" already_extended
same 'who was first' "$(of_body .by.name)" Reception
same 'the end that now holds' "$(of_body .ends_at)" "$(jq -r .ends_at <<<"$granted")"
same 'the end that the webhook says' "$(await session.extended | jq -r .data.ends_at)" "$(jq -r .ends_at <<<"$granted")"

say '6. The end, for everybody.'
want 200 POST "/rooms/$ROOM/end" '{"reason": "The next patient is waiting.", "by": "Reception"}'
same 'the reason' "$(of_body .ending.reason)" ended_by_api
ledger=$(jq -cS .ledger <<<"$BODY")
wait "$asha_pid" || fail "Asha was not let go as she should: $(cat "$work/asha")"
wait "$lind_pid" || fail "Dr Lind was not let go as he should: $(cat "$work/lind")"
grep -q ended_by_api "$work/asha" || fail "Asha was not told why it ended: $(cat "$work/asha")"
want 410 POST "/rooms/$ROOM/extend" "$(jq -nc --arg at "$end" '{ends_at: $at}')"
same 'what an extension is told afterwards' "$(of_body '.code + " " + .reason')" 'over ended_by_api'
want 410 POST "/rooms/$ROOM/tokens" '{}'

say '7. The ledger, which everybody tells alike.'
ended=$(await session.ended)
want 200 GET "/rooms/$ROOM/sessions/1"
same 'the ledger that was kept' "$(jq -cS .ledger <<<"$BODY")" "$ledger"
same 'the ledger that the webhook has' "$(jq -cS .data.ledger <<<"$ended")" "$ledger"
same 'what happened' "$(jq -r '[.[].kind] | unique | join(" ")' <<<"$ledger")" 'ended extended started window_opened'
same 'how often it was extended' "$(jq '[.[] | select(.kind == "extended")] | length' <<<"$ledger")" 1
same 'how many were told to leave one by one' "$(told participant.left | wc -l | tr -d ' ')" 0
jq -r '.[] | [.at, .kind, (.minutes // empty | "\(.) min"), .by.name // empty, .reason // empty] | "   " + join("  ")' <<<"$ledger"

say '8. The room goes, and its name with it.'
want 204 DELETE "/rooms/$ROOM"
want 404 GET "/rooms/$ROOM"
want 410 POST /rooms "$wish"
same 'the code of a name that was given' "$(of_body .code)" deleted

say 'All as it should be.'
