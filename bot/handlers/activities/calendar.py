"""An activity as an iCalendar file (RFC 5545)."""

from datetime import UTC, datetime

from bot.config import House
from bot.domain.activities import Activity


def ics(activity: Activity, house: House, now: int) -> bytes:
    """The file. Its UID stays the same, so that a calendar which has it already takes the new time."""
    from icalendar import Calendar, Event  # noqa: PLC0415 - with the first file, so that the start is quick

    event = Event()
    event.add("uid", f"activity-{activity.id}@{house.username}")
    event.add("dtstamp", _instant(now))
    event.add("dtstart", _instant(activity.starts_at))
    event.add("dtend", _instant(activity.ends_at))
    event.add("summary", activity.title)
    event.add("location", activity.place)
    event.add("status", "CANCELLED" if activity.is_cancelled else "CONFIRMED")
    if activity.about:
        event.add("description", activity.about)
    calendar = Calendar()
    calendar.add("prodid", f"-//{house.username}//activities//")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _instant(at: int) -> datetime:
    return datetime.fromtimestamp(at, UTC)
