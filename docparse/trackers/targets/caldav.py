"""Calendars of a CalDAV server (RFC 4791: Nextcloud, Radicale and others), each task a VTODO whose UID is its key.

A calendar stands for those who do its tasks; an ATTENDEE would make many servers send invitations by mail. What servers answer is not trusted:
entities are not resolved, and no request leaves the server of the settings.
"""

from __future__ import annotations

import datetime as dt
import time
import unicodedata
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import quote, unquote, urljoin, urlsplit
from xml.sax.saxutils import escape

import httpx
from lxml import etree

from docparse.errors import TrackerError
from docparse.trackers.http import Changed, Client, Refused
from docparse.trackers.items import Fields, Item, Remote
from docparse.trackers.mapping import Part, TargetSettings, options_of
from docparse.trackers.vtodo import KEEPS, Todo, build_calendar, change_todo, read_todo
from docparse.words import squeeze

DAV, CALDAV = "{DAV:}", "{urn:ietf:params:xml:ns:caldav}"
NAMESPACES = 'xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"'
PRINCIPAL = f"<propfind {NAMESPACES}><prop><current-user-principal/></prop></propfind>"
HOME = f"<propfind {NAMESPACES}><prop><C:calendar-home-set/></prop></propfind>"
CALENDARS = f"<propfind {NAMESPACES}><prop><resourcetype/><displayname/><C:supported-calendar-component-set/></prop></propfind>"
WANTED = "<prop><getetag/><C:calendar-data/></prop>"
ALL_TODOS = (
    f"<C:calendar-query {NAMESPACES}>{WANTED}"
    '<C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VTODO"/></C:comp-filter></C:filter></C:calendar-query>'
)
AT_ONCE = 200  # items that one request names
XML = {"Content-Type": "application/xml; charset=utf-8"}
ICALENDAR = {"Content-Type": "text/calendar; charset=utf-8"}


class Options(Part):
    """What only a CalDAV server is told: whether calendars that it does not have are made."""

    create_calendars: bool = False


@dataclass(frozen=True, slots=True)
class Calendar:
    """A calendar that takes tasks. `path` is that of its URL and ends with a slash."""

    path: str
    name: str

    def is_at(self, place: str) -> bool:
        """Whether a place is its URL, the path of that, or the last part of the path."""
        path = unquote(self.path).strip("/")
        return unquote(urlsplit(place).path if "://" in place else place).strip("/") in {path, path.rpartition("/")[2]}


class Tracker:
    """The calendars of one user. The place of an item is the name of a calendar or its path."""

    keeps = KEEPS
    has_parents = True

    def __init__(
        self,
        name: str,
        settings: TargetSettings,
        *,
        secret: str,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        if not settings.user:
            raise TrackerError(name, "has no user", hint='Give user = "…": the one whose calendars they are.')
        self.name, self._user, self._options = name, settings.user, options_of(Options, name, settings)
        self._url = settings.url.rstrip("/") + "/"
        self._client = Client.of(settings, name=name, auth=(settings.user, secret), transport=transport, sleep=sleep)

    def read(self, places: Collection[str], known: Mapping[str, str]) -> Sequence[Remote]:
        """All items with a key of docparse in these calendars, and those `known` by key and path wherever they are now.

        A request for each calendar; other calendars are asked for items that were there, and for all only if some are nowhere else.
        """
        named = {calendar: place for place in sorted(places) if (calendar := self._find(place))}
        others = [calendar for calendar in self._calendars if calendar not in named]
        found: dict[str, Remote] = {}

        def take(remotes: Iterable[Remote]) -> None:
            for remote in remotes:
                key = remote.key or ""
                if key not in found or unquote(known.get(key, "")) == unquote(remote.id):
                    found[key] = remote

        for calendar, place in named.items():
            take(self._items(calendar.path, ALL_TODOS, place, known))
        for calendar in others:
            paths = [path for key, path in known.items() if key not in found and unquote(_folder(path)) == unquote(calendar.path)]
            for first in range(0, len(paths), AT_ONCE):
                take(self._items(calendar.path, _these(paths[first : first + AT_ONCE]), calendar.name, known, only_known=True))
        for calendar in others:
            if not known.keys() <= found.keys():
                take(self._items(calendar.path, ALL_TODOS, calendar.name, known, only_known=True))
        return list(found.values())

    def create(self, item: Item, *, parent_id: str | None) -> Remote:
        """Put an item into its calendar; one that is there already is given back as it is. Parents are named by key, not by `parent_id`."""
        calendar = self._find(item.place) or self._make(item.place)
        path, text = f"{calendar.path}{quote(item.key, safe='')}.ics", build_calendar([item], _now())
        try:
            response = self._client.request("PUT", self._at(path), content=text, headers=ICALENDAR | {"If-None-Match": "*"}, once=False)
        except Changed as error:
            there = self._items(calendar.path, ALL_TODOS, item.place, {item.key: path}, only_known=True)
            if found := next(there, None):
                return found
            raise Refused(self.name, f"does not take an item with the UID {item.key}", hint="") from error
        return self._as_put(Remote(item.key, path, {}, place=item.place), text, response)

    def update(self, remote: Remote, fields: Fields) -> Remote:
        """Change these fields and keep all else. Raises Changed if somebody changed the item since it was read."""
        text = change_todo(remote.extra["text"], fields, _now())
        headers = ICALENDAR | ({"If-Match": remote.version} if remote.version else {})
        try:
            response = self._client.request("PUT", self._at(remote.id), content=text, headers=headers, once=False)
        except Changed:
            there = self._again(remote)
            if there and all(there.fields[name] == value for name, value in fields.items() if name in KEEPS):
                return there  # an attempt arrived whose answer did not
            raise
        return self._as_put(remote, text, response)

    def _as_put(self, remote: Remote, text: bytes, response: httpx.Response) -> Remote:
        """An item as it was put. A server that changed something gives no strong ETag (RFC 4791, 5.3.4) and is asked."""
        version, todo = response.headers.get("etag", ""), read_todo(text.decode())
        if todo and version.startswith('"'):
            return _remote(todo, remote.id, version, remote.place, text.decode())
        if found := self._again(remote):
            return found
        raise Changed(self.name, "has an item that somebody removed at the same time")

    def _again(self, remote: Remote) -> Remote | None:
        """The item as it is now, if it is where it was."""
        return next(self._items(_folder(remote.id), _these([remote.id]), remote.place, {remote.key or "": remote.id}, only_known=True), None)

    def _items(self, path: str, report: str, place: str | None, known: Mapping[str, str], *, only_known: bool = False) -> Iterator[Remote]:
        """The items of docparse that a report on a calendar names. A client may have dropped the mark of those that are known."""
        for item_path, properties in self._ask("REPORT", self._at(path), report, "1"):
            data, version = properties.get(f"{CALDAV}calendar-data"), properties.get(f"{DAV}getetag")
            text = (data.text or "") if data is not None else ""
            todo = read_todo(text)
            if todo and (todo.uid in known or (todo.ours and not only_known)):
                yield _remote(todo, item_path, version.text if version is not None else None, place, text)

    def _find(self, place: str) -> Calendar | None:
        """The calendar of a place, None if there is none and it may be made. Raises TrackerError with the calendars that there are."""
        found = [calendar for calendar in self._calendars if _plain(calendar.name) == _plain(place)]
        found = found or [calendar for calendar in self._calendars if calendar.is_at(place)]
        if len(found) > 1:
            paths = ", ".join(unquote(calendar.path) for calendar in found)
            raise TrackerError(self.name, f"has {len(found)} calendars {place!r}", hint=f"Give the path of the right one: {paths}")
        if not found and (not self._options.create_calendars or place.startswith("/") or "://" in place):
            there = ", ".join(sorted(calendar.name for calendar in self._calendars)) or "none"
            remedy = "Name one of these, or make it: options = { create_calendars = true } does."
            raise TrackerError(self.name, f"has no calendar {place!r} that takes tasks (there: {there})", hint=remedy)
        return found[0] if found else None

    def _make(self, name: str) -> Calendar:
        """A new calendar for tasks. Its path comes from its name, so that it is made once."""
        path = f"{self._homes[0]}{uuid.uuid5(uuid.NAMESPACE_URL, _plain(name))}/"
        takes = '<C:supported-calendar-component-set><C:comp name="VTODO"/></C:supported-calendar-component-set>'
        named = f"<displayname>{escape(name)}</displayname>"
        body = f"<C:mkcalendar {NAMESPACES}><set><prop>{named}{takes}</prop></set></C:mkcalendar>"
        try:
            self._client.request("MKCALENDAR", self._at(path), content=body.encode(), headers=XML)
        except TrackerError:
            del self._calendars
            if found := self._find(name):  # an attempt arrived whose answer did not, or somebody was faster
                return found
            raise
        self._calendars.append(Calendar(path, name))
        return self._calendars[-1]

    @cached_property
    def _homes(self) -> list[str]:
        """The paths of folders with the user's calendars."""
        principals = self._paths(self._url, PRINCIPAL, f"{DAV}current-user-principal")
        homes = self._paths(self._at(principals[0]), HOME, f"{CALDAV}calendar-home-set") if principals else []
        if not homes:
            raise TrackerError(self.name, f"names no calendars of {self._user}", hint="Give the CalDAV address of the server as url.")
        return [home.rstrip("/") + "/" for home in homes]

    @cached_property
    def _calendars(self) -> list[Calendar]:
        """The user's calendars that take tasks."""
        found = []
        for home in self._homes:
            for path, properties in self._ask("PROPFIND", self._at(home), CALENDARS, "1"):
                kind, name = properties.get(f"{DAV}resourcetype"), properties.get(f"{DAV}displayname")
                takes = [each.get("name") for each in properties.get(f"{CALDAV}supported-calendar-component-set", ())]
                if kind is not None and kind.find(f"{CALDAV}calendar") is not None and (not takes or "VTODO" in takes):
                    said = (name.text or "") if name is not None else ""
                    found.append(Calendar(path.rstrip("/") + "/", squeeze(said) or unquote(path).strip("/").rpartition("/")[2]))
        return found

    def _paths(self, url: str, query: str, tag: str) -> list[str]:
        answers = self._ask("PROPFIND", url, query, "0")
        return [self._path(href.text or "") for _, properties in answers for href in properties.get(tag, ()) if href.tag == f"{DAV}href"]

    def _ask(self, method: str, url: str, query: str, depth: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """The paths that a server names, with the properties that it gives of each by tag."""
        response = self._client.request(method, url, content=query.encode(), headers=XML | {"Depth": depth})
        for answer in self._parsed(response.content).iterfind(f"{DAV}response"):
            if _status(answer) == "507":
                raise TrackerError(self.name, f"gives only a part of {urlsplit(url).path}", hint="Let the server give longer answers.")
            given = [stat for stat in answer.iterfind(f"{DAV}propstat") if _status(stat) == "200"]
            properties = {each.tag: each for stat in given for prop in stat.iterfind(f"{DAV}prop") for each in prop}
            yield self._path(answer.findtext(f"{DAV}href") or ""), properties

    def _parsed(self, content: bytes) -> Any:
        try:
            root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
        except etree.XMLSyntaxError as error:
            raise TrackerError(self.name, f"does not answer as a CalDAV server ({error.msg})", hint="Give its CalDAV address as url.") from error
        if root.getroottree().docinfo.doctype:
            raise TrackerError(self.name, "answers with a document type, which no CalDAV server does", hint="Check the url.")
        return root

    def _path(self, href: str) -> str:
        """The path of a link. Raises TrackerError for one to another server, which is not to get the password."""
        own = urlsplit(self._url)
        try:
            parts = urlsplit(urljoin(self._url, href.strip()))
        except ValueError as error:
            raise TrackerError(self.name, f"gives a link that is none ({error})", hint="") from error
        if parts.hostname != own.hostname:
            raise TrackerError(self.name, f"says that it is at {parts.netloc}", hint="Give that one as url if it is yours.")
        return quote(parts.path, safe="/%:@!$&'()*+,;=~")

    def _at(self, path: str) -> str:
        own = urlsplit(self._url)
        return f"{own.scheme}://{own.netloc}{path}"


def _remote(todo: Todo, path: str, version: str | None, place: str | None, text: str) -> Remote:
    return Remote(todo.uid, path, todo.fields, version=version, done_on=todo.done_on, place=place, extra={"text": text})


def _these(paths: Iterable[str]) -> str:
    """The report of items by their paths."""
    return f"<C:calendar-multiget {NAMESPACES}>{WANTED}{''.join(f'<href>{escape(path)}</href>' for path in paths)}</C:calendar-multiget>"


def _folder(path: str) -> str:
    return path.rpartition("/")[0] + "/"


def _status(element: Any) -> str:
    """The number in an element like `HTTP/1.1 200 OK`."""
    return next(iter((element.findtext(f"{DAV}status") or "").split()[1:]), "")


def _plain(name: str) -> str:
    return unicodedata.normalize("NFC", squeeze(name))


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
