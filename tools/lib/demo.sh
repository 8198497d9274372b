# What the demonstration stands on: the two programs, the eyes and the hands. Sourced by tools/run,
# which sets bin (folder of the programs), dir (folder of this run) and crm (dynamics365, salesforce).

settings=
daemon_pid=
sandbox_pid=
step_number=0
step_title=
patience_s=60

fail() {
  printf '\nFAILED in step %s: %s\n' "$step_number" "$step_title" >&2
  printf '  %s\n' "$@" >&2
  if [[ -s $dir/daemon.log ]]; then
    printf '  The daemon'\''s log ends:\n' >&2
    tail -n 15 "$dir/daemon.log" | sed 's/^/    /' >&2
  fi
  printf '  Everything is kept in %s\n' "$dir" >&2
  exit 1
}

step() {
  step_title=$*
  printf '\n%s. %s\n' "$((step_number += 1))" "$*"
}
note() { printf '   %s\n' "$*"; }

# --- looking and waiting --------------------------------------------------------------------------

# expect WHAT WANTED COMMAND...: waits until COMMAND prints WANTED.
expect() {
  local what=$1 wanted=$2 found="" end=$((SECONDS + patience_s))
  shift 2
  while true; do
    found=$("$@" 2>/dev/null) || true
    [[ $found == "$wanted" ]] && break
    ((SECONDS < end)) ||
      fail "$what" "expected: $wanted" "found:    $found" "asked:    $*"
    sleep 0.1
  done
  printf '   ok  %s\n' "$what"
}

# expect_text WHAT PART COMMAND...: waits until PART is in what COMMAND prints.
expect_text() {
  local what=$1 part=$2 found="" end=$((SECONDS + patience_s))
  shift 2
  while true; do
    found=$("$@" 2>/dev/null) || true
    [[ $found == *"$part"* ]] && break
    ((SECONDS < end)) ||
      fail "$what" "expected to read: $part" "found:            $found" "asked:            $*"
    sleep 0.1
  done
  printf '   ok  %s\n' "$what"
}

# expect_at_least WHAT NUMBER COMMAND...
expect_at_least() {
  local what=$1 wanted=$2 found="" end=$((SECONDS + patience_s))
  shift 2
  while true; do
    found=$("$@" 2>/dev/null) || true
    [[ $found =~ ^[0-9]+$ ]] && ((found >= wanted)) && break
    ((SECONDS < end)) ||
      fail "$what" "expected: $wanted or more" "found:    $found" "asked:    $*"
    sleep 0.1
  done
  printf '   ok  %s: %s\n' "$what" "$found"
}

# --- the remote sides, through the sandbox's control API -------------------------------------------

setting() { jq -er "$1" "$settings"; }

# control METHOD PATH [JSON]
control() {
  local body=()
  (($# > 2)) && body=(--header 'Content-Type: application/json' --data-binary "$3")
  curl --silent --show-error --fail-with-body --max-time 30 --cacert "$ca" --request "$1" \
    "${body[@]}" "$control_url$2"
}
# Like control, for what must succeed.
act() { control "$@" >"$dir/answer.json" || fail "the sandbox refused: $*" "$(cat "$dir/answer.json")"; }

# referral ID JQ: something of a referral, as Partner Center has it.
referral() { control GET "/referrals/$1" | jq -r "$2"; }
# crm ID WORD: a column of an opportunity, as the CRM has it; the words are those of tools/sandbox/desk.
crm() { control GET "/crm/opportunities/$1" | jq -r --arg c "$2" '.[$c] // ""'; }
# How many of our own referrals name this opportunity; how many opportunities name this referral.
referrals_of() { control GET /referrals | jq --arg id "$1" '[.[] | select(.externalReferenceId == $id)] | length'; }
opportunities_of() {
  control GET /crm/opportunities | jq --arg id "$1" '[.value[] | select(.referral_id == $id)] | length'
}
# Microsoft's own referral of the same deal.
connected_to() {
  local engagement
  engagement=$(referral "$1" .engagementId)
  control GET /referrals | jq -r --arg e "$engagement" --arg id "$1" \
    '.[] | select(.engagementId == $e and .id != $id) | .id'
}
# Writes that reached either side.
remote_writes() {
  local referrals crm
  referrals=$(control GET '/log?service=referrals&writes=true' | jq length)
  crm=$(control GET /crm/writes | jq .service)
  echo $((referrals + crm))
}
# What became of the last webhook about a referral.
delivery_of() { control GET /deliveries | jq -r --arg id "$1" '[.[] | select(.referral_id == $id)][0].state'; }

microsoft_sends() {  # NAME: prints the new referral's id
  act POST /referrals "$(jq -n --arg name "$1" '{by: "microsoft", referral: {
    name: $name, type: "Shared", qualification: "SalesQualified",
    target: [{type: "SolutionProfile", id: "SOL-90210-QWK"}],
    customerProfile: {name: "Fabrikam Brewing GmbH",
      address: {addressLine1: "Malzweg 7", city: "Bamberg", postalCode: "96047", country: "DE"},
      team: [{firstName: "Jette", lastName: "Korn", email: "jette.korn@fabrikam.example", phoneNumber: "+49 951 000001"}]},
    consent: {consentToToShareInfoWithOthers: true, consentToContact: true, consentToShareReferralWithMicrosoftSellers: true},
    details: {notes: "Edge gateways in three plants.", dealValue: 84500, currency: "EUR", closingDateTime: "2027-09-30T00:00:00Z",
      requirements: {solutions: [{id: "SOL-90210-QWK", name: "Quillwerk Sensor Hub", type: "Name"}]}},
    inviteContext: {notes: "Please support.", assistanceRequestCode: "ProofOfConceptOrDemo",
      invitedBy: {organizationId: "msft", organizationName: "Microsoft"}}}}')"
  jq -r .id "$dir/answer.json"
}
partner_sets() {  # ID POINTER JSON-VALUE
  act POST "/referrals/$1/edit" "$(jq -n --arg p "$2" --argjson v "$3" '[{op: "replace", path: $p, value: $v}]')"
}
partner_moves() { act POST "/referrals/$1/$2" '{"reason": "Customer chose another vendor"}'; }  # ID accept|win|decline

seller_opens() {  # JSON of words that differ from a complete deal: prints the new opportunity's id
  act POST /crm/opportunities "$1"
  jq -r .id "$dir/answer.json"
}
seller_sets() { act PATCH "/crm/opportunities/$1" "$2"; }       # ID JSON
seller_moves() { act POST "/crm/opportunities/$1/$2" '{}'; }    # ID in_progress|won|lost
crm_notifications() {  # lost|sent: the CRM's own messages about changes
  act PATCH /crm/notifications "$(jq -n --arg what "$1" '{lost: ($what == "lost")}')"
}

# --- the service ----------------------------------------------------------------------------------

db() { sqlite3 -readonly -batch -cmd '.timeout 5000' "$dir/cosell-sync.db" "$1"; }
link_state() { db "SELECT state FROM links WHERE referral_id = '$1' OR crm_id = '$1'"; }
opportunity_of() { db "SELECT crm_id FROM links WHERE referral_id = '$1'"; }
referral_of() { db "SELECT referral_id FROM links WHERE crm_id = '$1'"; }
pairs_in_step() {
  db "SELECT count(*) FROM links WHERE referral_id IS NOT NULL AND crm_id IS NOT NULL AND state IN ('in_sync', 'closed')"
}
cosell_sync() { "$bin/cosell-sync" --config "$dir/cosell-sync.json" "$@"; }
# written_by_a_sweep: how many writes one sweep did.
written_by_a_sweep() { cosell_sync --json sync contoso | jq '.[0].written'; }

http_status() { curl --silent --output /dev/null --write-out '%{http_code}' --cacert "$ca" "$service_url$1"; }

start_sandbox() {
  "$bin/cosell-sandbox" --dir "$dir" --crm "$crm" >"$dir/sandbox.out" 2>"$dir/sandbox.err" &
  sandbox_pid=$!
  expect_text "The sandbox answers over TLS, with certificates of its own CA" ready cat "$dir/sandbox.out"
  settings=$dir/sandbox.json
  ca=$(setting .ca_file)
  control_url=$(setting .urls.control)
  service_url=$(setting .urls.cosell_sync)
}

start_daemon() {
  "$bin/cosell-syncd" --config="$dir/cosell-sync.json" >>"$dir/daemon.log" 2>&1 &
  daemon_pid=$!
  expect "cosell-syncd is ready at $service_url/readyz" 200 http_status /readyz
}

end_process() {  # PID SIGNAL
  kill -"$2" "$1" 2>/dev/null || true
  wait "$1" 2>/dev/null || true
}
kill_daemon() {
  end_process "$daemon_pid" KILL
  daemon_pid=
}
stop_daemon() {
  end_process "$daemon_pid" TERM
  daemon_pid=
}

clean_up() {
  local status=$?
  ((status == 0 || status == 130)) || keep=yes
  [[ -z $daemon_pid ]] || end_process "$daemon_pid" TERM
  [[ -z $sandbox_pid ]] || end_process "$sandbox_pid" KILL
  [[ $keep == yes ]] || rm -rf -- "$dir"
}
