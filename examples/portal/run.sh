#!/usr/bin/env bash
# Starts Overtime and the portal beside it, with a key and a secret of their own in
# a folder that goes when they do. `make portal` calls it. From the environment:
#
#   PORTAL_MINUTE   how long a minute of an appointment lasts   (1m)
#   OVERTIME_HOST   where Overtime serves                       (localhost:8080)
#   PORTAL_ADDR     where the portal serves                     (127.0.0.1:8090)
#
# The two are other hosts to a browser, localhost and 127.0.0.1, as they are where
# somebody runs them: so what a browser keeps apart is apart here, too.
set -euo pipefail

overtime=${OVERTIME_HOST:-localhost:8080}
portal=${PORTAL_ADDR:-127.0.0.1:8090}
here=$(cd "$(dirname "$0")/../.." && pwd)

umask 077
work=$(mktemp -d)
pids=()
stop() {
  trap - EXIT INT TERM
  [ ${#pids[@]} -eq 0 ] || kill "${pids[@]}" 2>/dev/null || true
  wait || true
  rm -rf "$work"
}
trap stop EXIT
trap 'exit 0' INT TERM # which stops

random() { head -c 32 /dev/urandom | base64; }
printf 'portal:%s\n' "$(random)" >"$work/key"
printf 'whsec_%s\n' "$(random)" >"$work/secret"
printf 'http://%s/webhooks %s\n' "$portal" "$(cat "$work/secret")" >"$work/hooks"

"$here/bin/overtime" --addr "$overtime" --data "$work/data" --minute "${PORTAL_MINUTE:-1m}" --log-level warn \
  --create api --api-keys "$work/key" \
  --webhooks "$work/hooks" --webhook-private \
  --embed-origins "http://$portal" &
pids+=($!)
"$here/build/portal" --addr "$portal" --overtime "http://$overtime" \
  --api-key "$work/key" --webhook-secret "$work/secret" &
pids+=($!)

wait -n # until one of them goes, or Ctrl-C
