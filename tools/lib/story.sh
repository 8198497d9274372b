# The main job, told and checked step by step. Sourced by tools/run.

tell_first_meeting() {
  step "A company with a past: $(setting .seeded.referrals) referrals and $(setting .seeded.opportunities) opportunities, in every state"
  local pairs=$(($(setting .seeded.pairs) + $(setting .seeded.shareable)))
  expect_at_least "Pairs in step after the first pass, on an empty database" "$pairs" pairs_in_step
  expect "The webhook is registered at Partner Center" "$service_url/webhooks/contoso/partner-center" registered_webhook
  expect "Nothing waits any more" 0 db "SELECT lag_s FROM sync_status"
  db "SELECT state, count(*) FROM links GROUP BY state ORDER BY 2 DESC" |
    while IFS='|' read -r state count; do note "    $count links: $state"; done
}
registered_webhook() { control GET '' | jq -r .registered_webhook; }

tell_received_referral() {
  step "Microsoft sends a referral; it appears in $crm_name"
  received=$(microsoft_sends "Brewhouse telemetry rollout")
  expect "Partner Center's signed webhook was answered" delivered delivery_of "$received"
  expect "The pair is in step" in_sync link_state "$received"
  received_crm=$(opportunity_of "$received")
  expect "$crm_name has the name, marked" $'\u2713 Brewhouse telemetry rollout' crm "$received_crm" name
  expect_text "Deal value 84500" 84500 crm "$received_crm" deal_value
  expect "Estimated close date 2027-09-30" 2027-09-30 crm "$received_crm" closing_date
  expect "Description" "Edge gateways in three plants." crm "$received_crm" notes
  expect "Products SOL-90210-QWK" SOL-90210-QWK crm "$received_crm" products
  expect "On hold, until somebody accepts" new crm "$received_crm" state
  expect "Sync with Partner Center: Yes" true crm "$received_crm" sync
  expect "Referral Identifier" "$received" crm "$received_crm" referral_id
  expect_text "Referral Link" "$received" crm "$received_crm" referral_link
  expect_text "A line in Audit" "Partner Center Referral to CRM sync success." crm "$received_crm" audit
  expect "The customer's account" "Fabrikam Brewing GmbH" crm "$received_crm" account
  expect "The customer's contact" Korn crm "$received_crm" contact
  expect "The referral names the opportunity" "$received_crm" referral "$received" .externalReferenceId
}

tell_shared_deal() {
  step "A seller shares a deal and asks Microsoft for help"
  shared_crm=$(seller_opens '{"name": "Yard planning pilot", "account": "Northwind Traders AB", "help": "Quotes or Licensing"}')
  seller_sets "$shared_crm" '{"sync": true}'
  note "    Sync with Partner Center set to Yes"
  expect "The pair is in step" in_sync link_state "$shared_crm"
  shared=$(referral_of "$shared_crm")
  expect "Partner Center has the referral" "Yard planning pilot" referral "$shared" .name
  expect "Deal value, currency, close date" "12000 EUR 2027-03-15" \
    referral "$shared" '"\(.details.dealValue) \(.details.currency) \(.details.closingDateTime[:10])"'
  local connected
  connected=$(connected_to "$shared")
  expect "Microsoft was asked for help" QuotesOrLicensing referral "$connected" .inviteContext.assistanceRequestCode
  expect "Identifier came back to $crm_name" "$shared" crm "$shared_crm" referral_id
  expect_text "So did the link" "$shared" crm "$shared_crm" referral_link
  expect "And the mark" $'\u2713 Yard planning pilot' crm "$shared_crm" name
  act POST "/referrals/$connected/microsoft-accept" '{}'
  expect_text "Microsoft accepts; its own CRM's number appears" 7- crm "$shared_crm" microsoft_crm_id
}

tell_incomplete_deal() {
  step "An incomplete deal waits, says what is missing, and goes once it is mended"
  local deal
  deal=$(seller_opens '{"name": "Harbour crane retrofit", "account": "Tailspin Port Logistics", "products": null,
    "deal_value": null, "sync": true}')
  expect_text "Audit in $crm_name asks for the solution" "solution missing" crm "$deal" audit
  expect_text "and for the deal value" "deal value missing" crm "$deal" audit
  expect "The link waits" waiting link_state "$deal"
  expect "Partner Center has nothing of it" 0 referrals_of "$deal"
  seller_sets "$deal" '{"products": "SOL-90210-QWK", "deal_value": 4500}'
  note "    the seller adds both"
  expect "It is shared by itself" in_sync link_state "$deal"
  expect "Partner Center has it, once" 1 referrals_of "$deal"
}

tell_edits() {
  step "Edits on both sides: different fields merge, the same field is decided by policy"
  partner_moves "$received" accept
  expect "Accepted in Partner Center: no longer on hold in $crm_name" active crm "$received_crm" state
  partner_sets "$received" /details/notes '"Four plants now."'
  seller_sets "$received_crm" '{"closing_date": "2027-10-31"}'
  expect "Partner Center's notes are in $crm_name" "Four plants now." crm "$received_crm" notes
  expect "The seller's date is in Partner Center" 2027-10-31 referral "$received" '.details.closingDateTime[:10]'
  expect "The pair is in step" in_sync link_state "$received"
  stop_daemon
  note "    while the service is off, both sides edit the notes; the seller a little later"
  partner_sets "$received" /details/notes '"Five plants, says Partner Center."'
  sleep 4  # the CRM's stamps are in whole seconds
  seller_sets "$received_crm" '{"notes": "Six plants, says the seller."}'
  start_daemon
  expect "newest_wins: the seller's words" "Six plants, says the seller." referral "$received" .details.notes
  expect "The losing value is kept in field_history" "Five plants, says Partner Center." \
    db "SELECT value FROM field_history WHERE referral_id = '$received' AND field = 'notes' AND superseded_by LIKE '%newest_wins%'"
}

tell_endings() {
  step "Deals end: accepted, won, declined"
  local held declined
  seller_moves "$received_crm" won
  expect "Won in $crm_name: won in Partner Center" "Closed Won" referral "$received" '"\(.status) \(.substatus)"'
  expect "The link is closed" closed link_state "$received"
  held=$(microsoft_sends "Packaging robot trial")
  expect "Another referral arrives, on hold" in_sync link_state "$held"
  seller_moves "$(opportunity_of "$held")" in_progress
  expect "The seller takes it off hold: accepted in Partner Center" "Active Accepted" referral "$held" '"\(.status) \(.substatus)"'
  declined=$(microsoft_sends "Cooling tower audit")
  expect "A third one arrives" in_sync link_state "$declined"
  partner_moves "$declined" decline
  expect "Declined in Partner Center: lost in $crm_name" lost crm "$(opportunity_of "$declined")" state
}

tell_lost_events() {
  step "Every webhook is lost; polling finds the change"
  act PATCH /switches '{"event_lost_percent": 100}'
  crm_notifications lost
  local lost
  lost=$(microsoft_sends "Bottling plant survey")
  expect "The webhook was lost" lost delivery_of "$lost"
  expect "The pair is in step all the same" in_sync link_state "$lost"
  expect "$crm_name has it, once" 1 opportunities_of "$lost"
  seller_moves "$(opportunity_of "$lost")" in_progress
  expect "An edit in $crm_name travels, too" Active referral "$lost" .status
  act PATCH /switches '{"event_lost_percent": 0}'
  crm_notifications sent
}

tell_crash() {
  step "kill -9 in the middle of work, and a restart"
  local i referrals=() deals=()
  for i in 1 2 3 4; do
    referrals+=("$(microsoft_sends "Crash test referral $i")")
    deals+=("$(seller_opens "$(jq -n --arg i "$i" '{name: "Crash test deal \($i)", account: "Tailspin Works \($i)",
      sync: true, help: "Quotes or Licensing"}')")")
    kill_daemon
    start_daemon
  done
  note "    killed four times while eight deals were under way"
  for i in 0 1 2 3; do
    expect "Referral $((i + 1)) is in step" in_sync link_state "${referrals[i]}"
    expect "and has one opportunity" 1 opportunities_of "${referrals[i]}"
    expect "Deal $((i + 1)) is in step" in_sync link_state "${deals[i]}"
    expect "and has one referral" 1 referrals_of "${deals[i]}"
    expect "connected with one of Microsoft" 1 count_lines connected_to "$(referral_of "${deals[i]}")"
  done
}
count_lines() { "$@" | wc -l; }

tell_rest() {
  step "Everything is in step; another sweep writes nothing"
  expect "A sweep finds nothing to write" 0 written_by_a_sweep
  local before
  before=$(remote_writes)
  expect "Nor does the next" 0 written_by_a_sweep
  expect "The remote sides' own logs agree: $before writes before and after" "$before" remote_writes
  expect "Nothing is set aside, except deals in a currency that this $crm_name lacks" 0 \
    db "SELECT count(*) FROM links WHERE state = 'quarantined' AND reason NOT LIKE '%TRY%'"
  expect_at_least "Pairs in step" "$(setting .seeded.pairs)" pairs_in_step
}

tell_database() {
  step "The stock sqlite3 shell reads the database while the daemon runs"
  local view
  for view in links audit_log field_history open_conflicts sync_status sync_runs; do
    db "SELECT count(*) FROM $view" >"$dir/count" || fail "the view $view cannot be read"
    note "ok  $view: $(cat "$dir/count") rows"
  done
  sqlite3 -readonly "$dir/cosell-sync.db" <schema/verify_audit.sql >"$dir/verified" || fail "the audit cannot be verified"
  [[ ! -s $dir/verified ]] || fail "the audit chain is broken: $(cat "$dir/verified")"
  note "ok  schema/verify_audit.sql: the chain of $(db 'SELECT count(*) FROM audit_log') audit entries is intact"
}

show_the_way() {
  cat <<END

Everything stays up until Ctrl-C. Certificates are of $ca

  curl --cacert $ca $service_url/readyz
  curl --cacert $ca $service_url/metrics
  curl --cacert $ca $service_url/api/v1/status
  sqlite3 -readonly $dir/cosell-sync.db 'SELECT * FROM sync_status'
  sqlite3 -readonly $dir/cosell-sync.db 'SELECT at, side, operation, field, reason FROM audit_log ORDER BY id DESC LIMIT 20'
  $bin/cosell-sync --config $dir/cosell-sync.json status
  $bin/cosell-sync --config $dir/cosell-sync.json show $shared
  $bin/cosell-sync --config $dir/cosell-sync.json check
  curl --cacert $ca $control_url/referrals        (the emulated Partner Center; see tools/sandbox/README.md)
  the daemon's log: $dir/daemon.log
END
}
