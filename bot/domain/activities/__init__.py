"""Volunteer tasks and events: published by leaders, taken part in by everybody, confirmed once they are over."""

from bot.domain.activities.absences import (
    APPEALED_NUMBER,
    Absence,
    absence,
    appeal,
    appeal_against,
    appeals_for,
    excuse,
    tell_paused,
)
from bot.domain.activities.absences import OVERDUE as APPEAL_OVERDUE
from bot.domain.activities.absences import REASONS as ABSENCE_REASONS
from bot.domain.activities.absences import answer as answer_appeal
from bot.domain.activities.absences import check as check_pause
from bot.domain.activities.absences import overdue as appeal_overdue
from bot.domain.activities.absences import own as own_absence
from bot.domain.activities.asking import (
    answerable,
    by_id,
    check_ahead,
    duties_of,
    homes,
    lately,
    managed_by,
    next_of,
    partaker,
    roll,
    spans_of,
    tally,
    titles,
    to_card,
    view,
    waiting_list,
    waiting_number,
    watched_by,
)
from bot.domain.activities.attendance import Attendance
from bot.domain.activities.checking import Wrong, enter, enter_shown, led_now, running
from bot.domain.activities.clashing import tight_words
from bot.domain.activities.closing import Left, call_off_all, left_by, revive_all
from bot.domain.activities.coming import AtRisk, StandIn, at_risk, coming_buttons, say_coming, stand_ins
from bot.domain.activities.conditions import Condition, Known, why_not
from bot.domain.activities.conditions import words as condition_words
from bot.domain.activities.confirming import confirm, confirm_on, mark, mark_rest, open_roll
from bot.domain.activities.correcting import Told, correct, moves, trail
from bot.domain.activities.crediting import ask_for_hours, roll_worth
from bot.domain.activities.doors import Code, code_now, code_of_door, open_door, shut_door, turn
from bot.domain.activities.drawing import TELL as DRAWN_TELL
from bot.domain.activities.drawing import Ticket, draw, tell_drawn, tickets
from bot.domain.activities.entering import Wish
from bot.domain.activities.finding import (
    AHEAD_NUMBERS,
    OVERDUE_NUMBER,
    ahead,
    led_before,
    led_by,
    meant,
    minded,
    of_person,
    overdue,
    past_of,
    starts_ahead,
    titled,
)
from bot.domain.activities.handing import ask as ask_on
from bot.domain.activities.handing import look as look_for_stand_in
from bot.domain.activities.handing import offer_on, take_over
from bot.domain.activities.holding import give_released, hold, release
from bot.domain.activities.inheriting import MERGED, merged
from bot.domain.activities.keeping import invariants, known_of
from bot.domain.activities.kinds import KIND_LISTS, KIND_NAMES, RULES, Kind, kind_of, listed_in
from bot.domain.activities.knowing import FOREVER, came_number, known_about, trainings_of
from bot.domain.activities.lacking import asked as lacked
from bot.domain.activities.lacking import look as look_at_least
from bot.domain.activities.lacking import need, post_again
from bot.domain.activities.lacking import stop as stop_lacking
from bot.domain.activities.least import LACKING
from bot.domain.activities.minding import Minding, let_in, mind, mind_again, plead
from bot.domain.activities.minding import words as minding_words
from bot.domain.activities.missing import missed_lately, paused_until
from bot.domain.activities.missing import rule as absence_rule
from bot.domain.activities.nearness import Nearness, come_near, far_off, meet_at, nearness_of
from bot.domain.activities.news import number_told, take_back, tell_cancelled, tell_moved, tell_published, tell_terms
from bot.domain.activities.offering import accept, answers, decline, lapse
from bot.domain.activities.offering import tell as tell_offers
from bot.domain.activities.opening import answer_hopes, hope, open_share, tell_open, wake
from bot.domain.activities.outcomes import MISSED
from bot.domain.activities.picking_up import Collected, ask_guardian, child_there, collected, pick_up, undo_pick_up
from bot.domain.activities.places import DRAWN, FIRST_COME, Mode, Role, RoleDraft, Terms
from bot.domain.activities.posting import face, redraw, sign_up_words
from bot.domain.activities.publishing import (
    Change,
    Occurrence,
    adopt,
    call_off,
    cancel,
    change,
    check_open,
    home_of,
    may_publish_for,
    publish,
    undo_cancelling,
)
from bot.domain.activities.reminding import REMIND, over, remind, unconfirmed
from bot.domain.activities.resizing import resize, role_of
from bot.domain.activities.resuming import SHORTEN
from bot.domain.activities.resuming import shorten as shorten_offers
from bot.domain.activities.retouching import ask_for, call_role, choose_by, close_at, open_at
from bot.domain.activities.reviewing import Applicant, applicant, applicants
from bot.domain.activities.reviewing import accept as take_on
from bot.domain.activities.reviewing import ask as ask_review
from bot.domain.activities.reviewing import decline as turn_down
from bot.domain.activities.reviewing import lapse as lapse_applications
from bot.domain.activities.roles import role_words
from bot.domain.activities.ruling import mode_words
from bot.domain.activities.signing import PLAIN, sign_up
from bot.domain.activities.standing_by import PARTS_A_DAY, Wishes, set_takes, set_words, turn_part, wishes, words_of
from bot.domain.activities.staying import Noted, Stay, is_running, stays_of
from bot.domain.activities.teaming import Candidate, Team, begin_team, candidates, choose, chosen, sign_up_team, team_of
from bot.domain.activities.terming import ASK, DRAW, EXPIRING, OPEN, SHARE, UNDECIDED
from bot.domain.activities.things import (
    FREE_TO_LEAVE_HOURS,
    UNDO_SECONDS,
    Activity,
    Draft,
    Least,
    Mine,
    Partaker,
    Tally,
    View,
    labels,
    places_words,
)
from bot.domain.activities.training import warn as warn_expiring
from bot.domain.activities.vacancies import spring_in, vacant
from bot.domain.activities.vouching import VOUCH
from bot.domain.activities.vouching import ask as ask_to_vouch
from bot.domain.activities.watching import Watch, tell_watchers, unwatch, watch, watches
from bot.domain.activities.withdrawing import Withdrawn, forget, keep_out, say_absent, undo_withdrawal, withdraw

__all__ = [
    "ABSENCE_REASONS",
    "AHEAD_NUMBERS",
    "APPEALED_NUMBER",
    "APPEAL_OVERDUE",
    "ASK",
    "DRAW",
    "DRAWN",
    "DRAWN_TELL",
    "EXPIRING",
    "FIRST_COME",
    "FOREVER",
    "FREE_TO_LEAVE_HOURS",
    "KIND_LISTS",
    "KIND_NAMES",
    "LACKING",
    "MERGED",
    "MISSED",
    "OPEN",
    "OVERDUE_NUMBER",
    "PARTS_A_DAY",
    "PLAIN",
    "REMIND",
    "RULES",
    "SHARE",
    "SHORTEN",
    "UNDECIDED",
    "UNDO_SECONDS",
    "VOUCH",
    "Absence",
    "Activity",
    "Applicant",
    "AtRisk",
    "Attendance",
    "Candidate",
    "Change",
    "Code",
    "Collected",
    "Condition",
    "Draft",
    "Kind",
    "Known",
    "Least",
    "Left",
    "Minding",
    "Mine",
    "Mode",
    "Nearness",
    "Noted",
    "Occurrence",
    "Partaker",
    "Role",
    "RoleDraft",
    "StandIn",
    "Stay",
    "Tally",
    "Team",
    "Terms",
    "Ticket",
    "Told",
    "View",
    "Watch",
    "Wish",
    "Wishes",
    "Withdrawn",
    "Wrong",
    "absence",
    "absence_rule",
    "accept",
    "adopt",
    "ahead",
    "answer_appeal",
    "answer_hopes",
    "answerable",
    "answers",
    "appeal",
    "appeal_against",
    "appeal_overdue",
    "appeals_for",
    "applicant",
    "applicants",
    "ask_for",
    "ask_for_hours",
    "ask_guardian",
    "ask_on",
    "ask_review",
    "ask_to_vouch",
    "at_risk",
    "begin_team",
    "by_id",
    "call_off",
    "call_off_all",
    "call_role",
    "came_number",
    "cancel",
    "candidates",
    "change",
    "check_ahead",
    "check_open",
    "check_pause",
    "child_there",
    "choose",
    "choose_by",
    "chosen",
    "close_at",
    "code_now",
    "code_of_door",
    "collected",
    "come_near",
    "coming_buttons",
    "condition_words",
    "confirm",
    "confirm_on",
    "correct",
    "decline",
    "draw",
    "duties_of",
    "enter",
    "enter_shown",
    "excuse",
    "face",
    "far_off",
    "forget",
    "give_released",
    "hold",
    "home_of",
    "homes",
    "hope",
    "invariants",
    "is_running",
    "keep_out",
    "kind_of",
    "known_about",
    "known_of",
    "labels",
    "lacked",
    "lapse",
    "lapse_applications",
    "lately",
    "led_before",
    "led_by",
    "led_now",
    "left_by",
    "let_in",
    "listed_in",
    "look_at_least",
    "look_for_stand_in",
    "managed_by",
    "mark",
    "mark_rest",
    "may_publish_for",
    "meant",
    "meet_at",
    "merged",
    "mind",
    "mind_again",
    "minded",
    "minding_words",
    "missed_lately",
    "mode_words",
    "moves",
    "nearness_of",
    "need",
    "next_of",
    "number_told",
    "of_person",
    "offer_on",
    "open_at",
    "open_door",
    "open_roll",
    "open_share",
    "over",
    "overdue",
    "own_absence",
    "partaker",
    "past_of",
    "paused_until",
    "pick_up",
    "places_words",
    "plead",
    "post_again",
    "publish",
    "redraw",
    "release",
    "remind",
    "resize",
    "revive_all",
    "role_of",
    "role_words",
    "roll",
    "roll_worth",
    "running",
    "say_absent",
    "say_coming",
    "set_takes",
    "set_words",
    "shorten_offers",
    "shut_door",
    "sign_up",
    "sign_up_team",
    "sign_up_words",
    "spans_of",
    "spring_in",
    "stand_ins",
    "starts_ahead",
    "stays_of",
    "stop_lacking",
    "take_back",
    "take_on",
    "take_over",
    "tally",
    "team_of",
    "tell_cancelled",
    "tell_drawn",
    "tell_moved",
    "tell_offers",
    "tell_open",
    "tell_paused",
    "tell_published",
    "tell_terms",
    "tell_watchers",
    "tickets",
    "tight_words",
    "titled",
    "titles",
    "to_card",
    "trail",
    "trainings_of",
    "turn",
    "turn_down",
    "turn_part",
    "unconfirmed",
    "undo_cancelling",
    "undo_pick_up",
    "undo_withdrawal",
    "unwatch",
    "vacant",
    "view",
    "waiting_list",
    "waiting_number",
    "wake",
    "warn_expiring",
    "watch",
    "watched_by",
    "watches",
    "why_not",
    "wishes",
    "withdraw",
    "words_of",
]
