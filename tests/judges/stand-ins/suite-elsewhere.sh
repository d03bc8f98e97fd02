#!/usr/bin/env bash
# In a network of its own (these servers listen on every interface): starts a server, waits for its port, runs one suite
# against it, ends it.   suite-elsewhere.sh PORT LOG SUITE-COMMAND… -- SERVER-COMMAND…
set -u
port=$1 log=$2
shift 2
suite=()
while [ "$1" != -- ]; do suite+=("$1"); shift; done
shift
ip link set lo up
"$@" > "$log" 2>&1 &
server=$!
trap 'kill -9 "$server" 2> /dev/null' EXIT
for _ in $(seq 480); do
  if (: < "/dev/tcp/127.0.0.1/$port") 2> /dev/null; then "${suite[@]}"; exit; fi
  kill -0 "$server" 2> /dev/null || break
  sleep 0.25
done
echo 'the server did not start:' >&2
tail -20 "$log" >&2
exit 99
