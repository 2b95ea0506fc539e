"""Every kind of trouble `doctor` knows: id, severity, why it matters, and what to do.

docs/DOCTOR.md is this file as a table; a test keeps them in step. Words only, no decision.
"""

from syncd.core.doctor.finding import Ailment, Severity

ERROR, WARNING, NOTE = Severity

# --- the configuration -------------------------------------------------------------------

CONFIGURATION_INVALID = Ailment(
    id="configuration-invalid",
    severity=ERROR,
    why="Nothing is read or written until the configuration validates.",
    fix="Correct that line, then run `syncd check`.",
)
SECRET_MISSING = Ailment(
    id="secret-missing",
    severity=ERROR,
    why="Without it syncd cannot sign in, or tell anybody anything.",
    fix="Set {name} in the environment, or as a file in $CREDENTIALS_DIRECTORY.",
)
STANDARD_UNSIGNED = Ailment(
    id="standard-unsigned",
    severity=WARNING,
    why="Until both teams have signed, every gate flags at most: nothing is moved back.",
    fix="Have {teams} read it and sign: `syncd standard sign`.",
)
STANDARD_PAST_REVIEW = Ailment(
    id="standard-past-review",
    severity=WARNING,
    why="Past its review date every gate flags at most: nothing is moved back.",
    fix="Review the standard with both teams, then renew review_by in standard.yaml.",
)
GATE_WITHOUT_MODE = Ailment(
    id="gate-without-mode",
    severity=WARNING,
    why="A gate without a mode only observes.",
    fix="Add `{gate}: observe`, `flag` or `block` to modes in policy.yaml.",
)

REJECTION_UNKNOWN = Ailment(
    id="rejection-reason-unknown",
    severity=WARNING,
    why="A lead turned down with it goes the way of one without a reason.",
    fix="Add it to rejections in standard.yaml, or call the option by its reason in crm.yaml.",
)

# --- reaching the CRMs -------------------------------------------------------------------

CRM_UNREACHABLE = Ailment(
    id="crm-unreachable",
    severity=ERROR,
    why="While one CRM does not answer, nothing travels to or from it.",
    fix="Check the network of this machine and the address in crm.yaml "
    "(connections.{system}), and {vendor}'s status page.",
)
CREDENTIALS_REFUSED = Ailment(
    id="credentials-refused",
    severity=ERROR,
    why="The CRM turns syncd away: nothing is read from it or written to it.",
    fix="{how}",
)
WRONG_ACCOUNT = Ailment(
    id="wrong-account",
    severity=ERROR,
    why="Record ids of another org or portal mean other people, so syncd stands still.",
    fix="Use the credentials of {expected}. If {found} is the right one now (a refreshed "
    "sandbox), point store.path at a new file, correct crm.yaml, and run `syncd backfill`.",
)
CANNOT_SEE = Ailment(
    id="cannot-see",
    severity=WARNING,
    why="What cannot be looked at cannot be found wrong.",
    fix="Remove the reason, then run `syncd doctor` again.",
)
CLOCK_SKEW = Ailment(
    id="clock-skew",
    severity=ERROR,
    why="Deadlines are counted by this machine's clock, and sign-ins by JWT need it right.",
    fix="Let this machine keep time by NTP: `timedatectl set-ntp true`.",
)
API_USED_UP = Ailment(
    id="api-used-up",
    severity=ERROR,
    why="The CRM answers nobody until the day's calls begin anew: nothing travels meanwhile.",
    fix="{how}",
)
API_NEARLY_USED = Ailment(
    id="api-nearly-used",
    severity=WARNING,
    why="When the day's calls are used up the CRM answers nobody, syncd included.",
    fix="{how}",
)
API_SHARE_SMALL = Ailment(
    id="api-share-small",
    severity=WARNING,
    why="Polling alone would use up syncd's share; what can wait is then put off.",
    fix="Poll less often (poll_every in crm.yaml), or raise {system}.api_share there.",
)
TIME_ZONE = Ailment(
    id="time-zones-differ",
    severity=NOTE,
    why="A CRM's own reports count days in its zone: near midnight they tell another day "
    "than syncd's calendars do.",
    fix="{how}",
)

# --- rights ------------------------------------------------------------------------------

PERMISSION_MISSING = Ailment(
    id="permission-missing",
    severity=ERROR,
    why="syncd cannot do its work without it.",
    fix="{how}",
)
PERMISSION_USEFUL = Ailment(
    id="permission-useful",
    severity=WARNING,
    why="syncd works without it, and sees or does less.",
    fix="{how}",
)
INTEGRATION_USER = Ailment(
    id="integration-user-is-a-person",
    severity=WARNING,
    why="syncd takes what that user does for its own writes, so that person's moves would "
    "never be judged.",
    fix="Make a user of its own (Salesforce Integration licence), give it the permission set, "
    "and set it as the connected app's run-as user (Setup > App Manager > Manage > Policies).",
)
APP_UNKNOWN = Ailment(
    id="app-unknown",
    severity=WARNING,
    why="In HubSpot's history syncd's own writes look like another integration's, and are "
    "judged again.",
    fix="Write the app's id as connections.hubspot.app_id in crm.yaml{hint}.",
)

# --- fields ------------------------------------------------------------------------------

FIELD_MISSING = Ailment(
    id="field-missing",
    severity=ERROR,
    why="A rule over a field that is not there is never met for certain, and nothing travels "
    "into it.",
    fix="Run `syncd provision`, or make it by hand ({place}); a field that is there is hidden "
    "from syncd's user: give it read access.",
)
MARK_MISSING = Ailment(
    id="mark-missing",
    severity=WARNING,
    why="People do not see on the record why it is where it is.",
    fix="Run `syncd provision`, or take the mark out of marks in crm.yaml.",
)
STAGE_PROPERTY_MISSING = Ailment(
    id="stage-property-missing",
    severity=ERROR,
    why="Without it no stage can be told there: nothing is judged.",
    fix="Correct the name in {system}.stages of crm.yaml, or give syncd's user read access.",
)
FIELD_TYPE = Ailment(
    id="field-type",
    severity=ERROR,
    why="Values of another type cannot be read or are refused.",
    fix="Write the type that fits in crm.yaml, or name another field: the type of a field in "
    "use is not changed.",
)
FIELD_READ_ONLY = Ailment(
    id="field-read-only",
    severity=ERROR,
    why="syncd is to write it and may not: every such write becomes a finding.",
    fix="{how}",
)
FIELD_TOO_SHORT = Ailment(
    id="field-too-short",
    severity=WARNING,
    why="What does not fit is never cut: it is not written at all.",
    fix="Lengthen it to {length} characters at least ({place}).",
)
OPTION_MISSING = Ailment(
    id="option-missing",
    severity=ERROR,
    why="The CRM refuses a value it does not offer, or shows one nobody can choose.",
    fix="Add the option {options} ({place}), or correct its spelling in crm.yaml.",
)
OPTION_UNMAPPED = Ailment(
    id="option-unmapped",
    severity=WARNING,
    why="A value the map does not name keeps its own spelling, which the other CRM refuses.",
    fix="Name {options} under options in crm.yaml, or take it out of the picklist.",
)
EXTERNAL_ID_NOT_UNIQUE = Ailment(
    id="external-id-not-unique",
    severity=ERROR,
    why="A record that is made twice by a repeat is not noticed.",
    fix="{how}",
)
STAGE_VALUE_MISSING = Ailment(
    id="stage-value-missing",
    severity=ERROR,
    why="A stage with a value the CRM does not offer cannot be written, and is never shown.",
    fix="Add {options} ({place}), or correct its spelling in {system}.stages of crm.yaml.",
)
STAGE_VALUE_UNMAPPED = Ailment(
    id="stage-value-unmapped",
    severity=NOTE,
    why="A record that shows it has no stage: its moves are not judged, and do not travel.",
    fix="Add a line for {options} to {system}.stages in crm.yaml (read_only, if syncd is never "
    "to write it), or take it out of the CRM.",
)
STAGE_ORDER = Ailment(
    id="stage-order",
    severity=ERROR,
    why="HubSpot moves a lifecycle stage forward only, in its own order, and ignores the "
    "rest in silence.",
    fix="Put {lower} before {higher}: Settings > Objects > Contacts > Lifecycle Stage.",
)
STATUS_ORDER = Ailment(
    id="status-order",
    severity=NOTE,
    why="Reps pick from the list in this order and take what stands lower for further on.",
    fix="Setup > Object Manager > Lead > Fields & Relationships > {name}, Reorder: put {lower} "
    "before {higher}.",
)
HISTORY_OFF = Ailment(
    id="history-off",
    severity=WARNING,
    why="Without history syncd sees that a stage moved, not who moved it nor the steps between.",
    fix="Setup > Object Manager > Lead > Fields & Relationships > Set History Tracking: "
    "tick {name}.",
)

# --- lists, people, others who write -----------------------------------------------------

LIST_MISSING = Ailment(
    id="list-missing",
    severity=ERROR,
    why="Recycled people are not put where marketing goes on with them.",
    fix="Make it in {vendor}, then write its id in {key}; `syncd provision` can make one.",
)
LIST_NOT_STATIC = Ailment(
    id="list-not-static",
    severity=ERROR,
    why="Nobody can be put on an active list: HubSpot fills it by itself.",
    fix="Make a static list (CRM > Segments > Create > Static) and write its id in {key}.",
)
PERSON_UNKNOWN = Ailment(
    id="person-unknown",
    severity=WARNING,
    why="A lead cannot be given to who is not there.",
    fix="Correct the name in policy.yaml, or activate the user or queue in {vendor}.",
)
CONNECTOR_OVERLAP = Ailment(
    id="connector-overlap",
    severity=WARNING,
    why="Two that move one field fight over it; syncd leaves it to the connector meanwhile.",
    fix="{how}",
)

# --- Slack -------------------------------------------------------------------------------

SLACK_UNREACHABLE = Ailment(
    id="slack-unreachable",
    severity=WARNING,
    why="Alerts wait until Slack answers; leads are kept all the same.",
    fix="Check the network of this machine, and status.slack.com.",
)
SLACK_REFUSED = Ailment(
    id="slack-token-refused",
    severity=ERROR,
    why="Nobody is told anything.",
    fix="api.slack.com/apps > your app > OAuth & Permissions > Reinstall, then set "
    "SYNCD_SLACK_TOKEN to the new bot token.",
)
SLACK_SCOPE = Ailment(
    id="slack-scope-missing",
    severity=WARNING,
    why="Slack refuses that part of what syncd does.",
    fix="api.slack.com/apps > your app > OAuth & Permissions > Bot Token Scopes: add {scope}, "
    "then reinstall the app.",
)
SLACK_CHANNEL_MISSING = Ailment(
    id="slack-channel-missing",
    severity=ERROR,
    why="What is routed to it reaches nobody.",
    fix="Make the channel, or invite the bot if it is private (/invite @syncd), or correct "
    "connections.slack.channels in crm.yaml.",
)
SLACK_CHANNEL_ARCHIVED = Ailment(
    id="slack-channel-archived",
    severity=ERROR,
    why="What is routed to it reaches nobody.",
    fix="Unarchive the channel in Slack, or name another in crm.yaml.",
)
SLACK_BOT_OUTSIDE = Ailment(
    id="slack-bot-not-in-channel",
    severity=ERROR,
    why="What is routed to it reaches nobody.",
    fix="In that channel type /invite @syncd.",
)
SLACK_PERSON_UNKNOWN = Ailment(
    id="slack-person-unknown",
    severity=WARNING,
    why="Who is to be told, or may grant a waiver, cannot be mentioned or recognised.",
    fix="Write the address the person has in Slack in policy.yaml, or invite them.",
)
SLACK_LINE_REFUSED = Ailment(
    id="slack-app-token-refused",
    severity=ERROR,
    why="Buttons are shown and nobody hears them.",
    fix="api.slack.com/apps > your app > Basic Information > App-Level Tokens: make one with "
    "connections:write, set SYNCD_SLACK_APP_TOKEN, and switch Socket Mode on.",
)
SLACK_LINE_NONE = Ailment(
    id="slack-app-token-missing",
    severity=NOTE,
    why="Messages have no buttons: a handoff is accepted in the CRM alone.",
    fix="api.slack.com/apps > your app > Basic Information > App-Level Tokens: make one with "
    "connections:write and set SYNCD_SLACK_APP_TOKEN.",
)

# --- the store ---------------------------------------------------------------------------

STORE_UNUSABLE = Ailment(
    id="store-unusable",
    severity=ERROR,
    why="syncd does not start without its store.",
    fix="Do what the message says; docs/OPERATIONS.md and docs/POSTGRESQL.md tell more.",
)
STORE_NOT_WRITABLE = Ailment(
    id="store-not-writable",
    severity=ERROR,
    why="syncd does not start where it cannot keep what it knows.",
    fix="{how}",
)
STORE_SCHEMA_OLD = Ailment(
    id="store-schema-old",
    severity=WARNING,
    why="Commands that only look refuse an older store.",
    fix="Make a backup, then start `syncd run` once: it migrates the store.",
)
STORE_DAMAGED = Ailment(
    id="store-damaged",
    severity=ERROR,
    why="What is read from a damaged file may be wrong.",
    fix="Stop syncd, keep a copy of the file, and restore the last backup.",
)
STORE_SPACE = Ailment(
    id="store-space-low",
    severity=WARNING,
    why="On a full disk syncd stops until there is room.",
    fix="Make room on that disk: 1 GB at least.",
)
STORE_LOG = Ailment(
    id="store-log-large",
    severity=WARNING,
    why="The write-ahead log grows as long as somebody keeps reading the store.",
    fix="Find what holds the store open (`lsof {place}`), end it, and restart syncd.",
)
STORE_JOURNAL = Ailment(
    id="store-not-wal",
    severity=WARNING,
    why="Without the write-ahead log readers and the daemon wait for one another.",
    fix="Keep the store on a local disk (not NFS or SMB), and restart syncd.",
)

# --- what is built into the CRMs ---------------------------------------------------------

NATIVE_MISSING = Ailment(
    id="native-rule-missing",
    severity=WARNING,
    why="Until it is deployed the daemon alone holds that part of the gate.",
    fix="{how}",
)
NATIVE_INACTIVE = Ailment(
    id="native-rule-inactive",
    severity=WARNING,
    why="Until it is active the daemon alone holds that part of the gate.",
    fix="{how}",
)
NATIVE_OUTDATED = Ailment(
    id="native-rule-outdated",
    severity=WARNING,
    why="Salesforce refuses, or lets pass, what the standard does not any more.",
    fix="{how}",
)
NATIVE_EDITED = Ailment(
    id="native-rule-edited",
    severity=WARNING,
    why="Salesforce holds another standard than the one both teams signed.",
    fix="{how}",
)
NATIVE_LEFT_OVER = Ailment(
    id="native-rule-left-over",
    severity=WARNING,
    why="Salesforce refuses what no gate asks any more.",
    fix="{how}",
)

ALL: tuple[Ailment, ...] = tuple(x for x in vars().values() if isinstance(x, Ailment))
"""In the order of this file."""
