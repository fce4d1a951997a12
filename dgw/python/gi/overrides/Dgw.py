# SPDX-License-Identifier: LGPL-2.1-or-later
"""What Python adds to Dgw: attributes for properties, asyncio, a shorter constructor, telling representations.

PyGObject loads this file by its name and place when Dgw is imported from gi.repository. doc/python.md describes it.
"""

import asyncio
import functools
import json
import math
import operator
import re
import selectors

import gi
from gi._ossighelper import wakeup_on_signal
from gi.module import get_introspection_module
from gi.overrides import override
from gi.repository import Gio, GLib, GObject

Dgw = get_introspection_module("Dgw")
HAS_EVENT_LOOP = gi.version_info >= (3, 50)
SHOWN_CHARACTERS = 40
# What the library reads as U+FFFD, and Python's json does not.
UNREADABLE = re.compile("[\0\ud800-\udfff]")

__all__ = ["Entity", "Event", "Gateway", "ShardManager", "new_event_loop", "run"]


# Attributes and representations


def make_attribute(name):
    """A Python attribute for a GObject property."""

    def getter(self):
        return self.get_property(name)

    def setter(self, value):
        self.set_property(name, value)

    return getter, setter


def add_attributes(kind, info):
    for prop in info.get_properties():
        name = prop.get_name().replace("-", "_")
        if hasattr(kind, name):
            continue
        getter, setter = make_attribute(name)
        flags = prop.get_flags()
        readable = flags & GObject.ParamFlags.READABLE
        writable = flags & GObject.ParamFlags.WRITABLE and not flags & GObject.ParamFlags.CONSTRUCT_ONLY
        if readable:
            setattr(kind, name, property(getter, setter if writable else None))


def describe_value(value):
    if isinstance(value, str):
        return repr(value if len(value) <= SHOWN_CHARACTERS else value[: SHOWN_CHARACTERS - 1] + "…")
    if isinstance(value, Gio.ListModel):
        return str(len(value))
    if isinstance(value, Dgw.Entity):
        known = (getattr(value, name, None) for name in ("username", "name", "id"))
        return next((describe_value(text) for text in known if text), "…")
    return getattr(value, "value_nick", None) or repr(value)


def describe(instance, fields, limit=None):
    kind = instance.__class__
    words = ["<%s.%s" % (kind.__module__.rpartition(".")[2], kind.__name__)]
    for name in fields:
        value = getattr(instance, name, None)
        if value is not None and value != "" and len(words) != limit:
            words.append("%s=%s" % (name, describe_value(value)))
    return " ".join(words) + ">"


def add_representation(kind, *fields):
    kind.__repr__ = lambda self: describe(self, fields)


# asyncio


class Operation(asyncio.Future):
    """What a NAME_async() called without a callback returns.

    PyGObject has the like from 3.50 on, but a task that awaits it cannot be cancelled before 3.57. Cancelling cancels
    the Gio.Cancellable: the operation is over when NAME_finish() says so, not before.
    """

    def __init__(self, loop, cancellable):
        super().__init__(loop=loop)
        self.cancellable = cancellable
        self._cancel_requested = False

    def cancel(self, msg=None):
        if not self.done():
            self._cancel_requested = True
            self.cancellable.cancel()
        return False  # a task that awaits this one sees to its own CancelledError

    def finish(self, function, source, result):
        try:
            self.set_result(function(source, result))
        except GLib.Error as error:
            if self._cancel_requested and error.matches(Gio.io_error_quark(), Gio.IOErrorEnum.CANCELLED):
                super().cancel()
            else:
                self.set_exception(error)


def get_glib_loop():
    """The running event loop, if it is one that runs on the main context to which GLib calls back from here."""
    loop = asyncio._get_running_loop()
    context = getattr(loop, "_context", None)
    # What PyGObject itself goes by.
    return loop if context == GLib.MainContext.ref_thread_default() else None


def make_awaitable(start, finish):
    """NAME_async() that returns an Operation if it gets no callback."""
    n_inputs = [argument.get_name() for argument in start.get_arguments()].index("cancellable")

    @functools.wraps(start, assigned=("__name__", "__doc__"), updated=())
    def method(self, *arguments, **named):
        loop = get_glib_loop()
        if not loop or "callback" in named or len(arguments) > n_inputs + 1:
            return start(self, *arguments, **named)
        inputs, rest = arguments[:n_inputs], arguments[n_inputs:]
        cancellable = named.pop("cancellable", None) or (rest and rest[0]) or Gio.Cancellable()
        operation = Operation(loop, cancellable)

        def on_done(source, result):
            operation.finish(finish, source, result)

        start(self, *inputs, **named, cancellable=cancellable, callback=on_done)
        return operation

    return method


def make_coroutine(name):
    """NAME(), for `await`."""

    async def method(self, *arguments, **named):
        if not get_glib_loop():
            raise RuntimeError("%s() needs an event loop that runs on GLib: see Dgw.run()" % name)
        return await getattr(self, name + "_async")(*arguments, **named)

    method.__name__ = name
    return method


def add_coroutines(kind, info):
    functions = {method.get_name(): method for method in info.get_methods() if method.is_method()}
    for start_name, start in functions.items():
        name = start_name.removesuffix("_async")
        finish = functions.get(name + "_finish")
        if name == start_name or not finish:
            continue
        setattr(kind, start_name, make_awaitable(start, finish))
        if not hasattr(kind, name):
            setattr(kind, name, make_coroutine(name))


def complete(kind):
    """Gives a class of this namespace, or of a sister's, its attributes and coroutines."""
    info = kind.__info__
    if hasattr(info, "get_properties"):
        add_attributes(kind, info)
    add_coroutines(kind, info)
    return kind


class Selector(selectors.DefaultSelector):
    """Waits in GLib's main loop, where its own file descriptor is a source like any other."""

    def __init__(self):
        super().__init__()
        self._source = GLib.unix_fd_add_full(
            GLib.PRIORITY_DEFAULT, self.fileno(), GLib.IOCondition.IN, lambda *_: GLib.SOURCE_CONTINUE
        )

    def select(self, timeout=None):
        may_block = timeout is None or timeout > 0
        timer = GLib.timeout_add(math.ceil(1000 * timeout), lambda: GLib.SOURCE_CONTINUE) if timeout and may_block else 0
        try:
            GLib.MainContext.default().iteration(may_block)
        finally:
            if timer:
                GLib.source_remove(timer)
        return super().select(0)

    def close(self):
        GLib.source_remove(self._source)
        super().close()


class EventLoop(asyncio.SelectorEventLoop):
    """asyncio's own loop, with GLib's main loop inside: for PyGObject before 3.50, in the main thread."""

    def __init__(self):
        super().__init__(Selector())
        self._context = GLib.MainContext.default()

    def run_forever(self):
        with wakeup_on_signal():
            super().run_forever()


def new_event_loop():
    """An asyncio event loop that runs GLib's main loop too, for asyncio.Runner and the like."""
    if HAS_EVENT_LOOP:
        from gi.events import GLibEventLoop

        return GLibEventLoop(GLib.MainContext.ref_thread_default())
    return EventLoop()


def run(main, *, debug=None):
    """asyncio.run() on an event loop that runs GLib's main loop too."""
    with asyncio.Runner(debug=debug, loop_factory=new_event_loop) as runner:
        return runner.run(main)


# Classes


def to_intents(intents):
    """Intents from a number, a string of names, or a sequence of either."""
    if isinstance(intents, str):
        return Dgw.Intents.from_string(intents)
    if isinstance(intents, int):
        return int(intents)
    return functools.reduce(operator.or_, map(to_intents, intents), 0)


class Client:
    """What Gateway and ShardManager share."""

    def __init__(self, token=None, intents=0, **properties):
        if token is not None:
            properties["token"] = token
        super().__init__(intents=to_intents(intents), **properties)

    @property
    def intents(self):
        return self.get_property("intents")

    @intents.setter
    def intents(self, intents):
        self.set_property("intents", to_intents(intents))

    async def __aenter__(self):
        await self.open()
        return self

    async def __aexit__(self, *_):
        await self.close()


class Gateway(Client, Dgw.Gateway):
    async def wait_for(self, name, accept=None, *, timeout=None):
        """Returns the object of the next event of that name, as of "message-create", that accept(object) is true for.

        TimeoutError after so many seconds; GLib.Error when the gateway is closed or down for good. What accept()
        raises ends the wait.
        """
        failure = None

        def get_object(event):
            return event if event.data is None else event.data

        def is_it(event, *_):
            nonlocal failure
            try:
                return accept is None or bool(accept(get_object(event)))
            except Exception as error:
                failure = error
                return True

        async with asyncio.timeout(timeout):
            event = await self.wait_for_event(name.replace("-", "_").upper(), is_it)
        if failure:
            raise failure
        return get_object(event)

    async def wait_closed(self):
        """Returns when the gateway has been closed or suspended; raises the error when it is down for good."""
        loop = asyncio.get_running_loop()
        ended = loop.create_future()

        def end(error=None):
            if not ended.done():
                ended.set_result(error)

        def on_status(gateway, pspec):
            if gateway.status == Dgw.Status.UNCONNECTED:
                loop.call_soon(end)  # `failed` follows at once, if that is why

        handlers = [
            self.connect("failed", lambda gateway, error: end(error)),
            self.connect("notify::status", on_status),
        ]
        if self.status == Dgw.Status.UNCONNECTED:
            end(self.last_error)
        try:
            error = await ended
        finally:
            for handler in handlers:
                self.disconnect(handler)
        if error:
            raise error


Gateway = override(Gateway)


class ShardManager(Client, Dgw.ShardManager):
    def __bool__(self):
        return True  # also without shards, as before it is open


ShardManager = override(ShardManager)


class Event(Dgw.Event):
    pass


Event = override(Event)


class Entity(Dgw.Entity):
    # The first few of these that an object has are what it is known by.
    TELLING = (
        "id", "name", "username", "nick", "title", "content", "author", "emoji", "user", "status",
        "user_id", "channel_id", "guild_id", "message_id",
    )  # fmt: skip
    MAX_TOLD = 3

    def __init_subclass__(cls, **arguments):
        super().__init_subclass__(**arguments)
        info = cls.__dict__.get("__info__")
        if info:  # the class is made when it is first needed, its attributes with it
            add_attributes(cls, info)

    def __repr__(self):
        return describe(self, self.TELLING, 1 + self.MAX_TOLD)

    def __eq__(self, other):
        return isinstance(other, Dgw.Entity) and self.equal(other)

    def __hash__(self):
        identity = getattr(self, "id", None)
        return hash(identity if isinstance(identity, str) else freeze(self.to_dict()))

    def to_dict(self):
        """The JSON that came, unknown keys included, as Python's json reads it."""
        return json.loads(self.to_string())


Entity = override(Entity)


def freeze(value):
    """Something hashable that is equal for equal JSON."""
    if isinstance(value, dict):
        return frozenset((freeze(key), freeze(item)) for key, item in value.items())
    if isinstance(value, list):
        return tuple(map(freeze, value))
    if isinstance(value, str):
        return UNREADABLE.sub("\ufffd", value)
    return value


def complete_session(kind):
    kind.__eq__ = lambda self, other: isinstance(other, kind) and self.equal(other)
    kind.__hash__ = lambda self: hash(self.get_id())


def add_getters(kind):
    """Attributes for a boxed type, which has no properties."""
    for method in kind.__info__.get_methods():
        name = method.get_name()
        if name.startswith("get_"):
            setattr(kind, name.removeprefix("get_"), property(lambda self, getter=method: getter(self)))


def contains(flags, wanted):
    return int(flags) & int(wanted) == int(wanted)


def complete_namespace():
    for info in gi.Repository.get_default().get_infos("Dgw"):
        kind = type(info).__name__
        if kind == "EnumInfo" and info.is_flags():
            flags = getattr(Dgw, info.get_name())
            if not hasattr(flags, "__contains__"):  # PyGObject before 3.52
                flags.__contains__ = contains
        elif kind == "InterfaceInfo":
            complete(getattr(Dgw, info.get_name()))
        elif kind == "ObjectInfo" and not is_entity(info):
            complete(globals().get(info.get_name()) or getattr(Dgw, info.get_name()))


def is_entity(info):
    return info.get_name() == "Entity" or info.get_parent().get_name() == "Entity"


complete_namespace()
complete_session(Dgw.Session)
for boxed in (Dgw.Session, Dgw.Metrics):
    add_getters(boxed)

add_representation(Gateway, "status", "shard_id", "shard_count")
add_representation(ShardManager, "status", "shard_count")
add_representation(Event, "name", "sequence")
add_representation(Dgw.GatewayInfo, "url", "shards")
add_representation(Dgw.MemberQuery, "guild_id", "query", "user_ids")
add_representation(Dgw.MemberResult, "members", "not_found")
add_representation(Dgw.Presence, "status", "activities")
add_representation(Dgw.PresenceActivity, "type", "name", "state", "url")
add_representation(Dgw.Session, "sequence", "shard_id", "shard_count")
add_representation(Dgw.Metrics, "events", "connects", "bytes_in")
