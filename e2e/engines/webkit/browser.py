#!/usr/bin/python3
"""A browser around WebKitGTK that does what lines of JSON on its standard input say.

MiniBrowser under WebKitWebDriver would do for most of it, but keeps nothing while it is driven, since each of its
windows is a private one; and the driver ends its session when one tab's process dies. This one keeps a profile,
and has what Safari has by default: WebKitGTK builds the file system API in, but leaves it switched off.

A line asks {"id", "do", "tab", ...}; the answer is {"id", "value"} or {"id", "error": {"name", "message"}}.
"""
import json
import sys

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")
from gi.repository import GLib, Gtk, WebKit2  # noqa: E402

FEATURES = {"AccessHandle", "FileSystem", "FileSystemWritableStream", "StorageAPI", "StorageAPIEstimate"}

EVALUATE = """
try { return JSON.stringify({ value: await (%s)(JSON.parse(given)) }) }
catch (error) {
  return JSON.stringify({ error: { name: String(error?.name), message: String(error?.message ?? error) } })
}"""


class Browser:
    def __init__(self, profile):
        self.context = make_context(profile)
        self.settings = make_settings()
        self.views = {}
        self.notebook = Gtk.Notebook()
        window = Gtk.Window(default_width=1000, default_height=700)
        window.add(self.notebook)
        window.show_all()

    def open(self, ask, answer):
        view = WebKit2.WebView(web_context=self.context, settings=self.settings)
        view.show()
        self.views[ask["tab"]] = view
        # In front, so that the one before it is hidden, as a user's would be.
        self.notebook.set_current_page(self.notebook.append_page(view, None))
        self.load(view, answer, lambda: view.load_uri(ask["url"]))

    def goto(self, ask, answer):
        view = self.views[ask["tab"]]
        self.load(view, answer, lambda: view.load_uri(ask["url"]))

    def back(self, ask, answer):
        view = self.views[ask["tab"]]
        self.load(view, answer, view.go_back)

    def reload(self, ask, answer):
        view = self.views[ask["tab"]]
        self.load(view, answer, view.reload)

    def close(self, ask, answer):
        view = self.views.pop(ask["tab"])

        def closed(_view):
            # Not only out of sight: what it holds ends with it.
            view.destroy()
            answer({})

        view.connect("close", closed)
        view.try_close()

    def evaluate(self, ask, answer):
        view = self.views[ask["tab"]]
        given = GLib.Variant("a{sv}", {"given": GLib.Variant("s", json.dumps(ask.get("given")))})

        def evaluated(_view, result):
            try:
                answer(json.loads(view.call_async_javascript_function_finish(result).to_string()))
            except GLib.Error as error:
                answer({"error": {"name": "PageError", "message": error.message}})

        view.call_async_javascript_function(EVALUATE % ask["source"], -1, given, None, None, None, evaluated)

    def load(self, view, answer, start):
        def changed(_view, event):
            if event == WebKit2.LoadEvent.FINISHED:
                view.disconnect(handler)
                answer({})

        handler = view.connect("load-changed", changed)
        start()


def make_context(profile):
    if profile is None:
        return WebKit2.WebContext.new_ephemeral()
    manager = WebKit2.WebsiteDataManager(
        base_data_directory=f"{profile}/data", base_cache_directory=f"{profile}/cache"
    )
    return WebKit2.WebContext(website_data_manager=manager)


def make_settings():
    settings = WebKit2.Settings(enable_write_console_messages_to_stdout=True)
    features = WebKit2.Settings.get_all_features()
    for feature in map(features.get, range(features.get_length())):
        if feature.get_identifier() in FEATURES:
            settings.set_feature_enabled(feature, True)
    return settings


def main():
    browser = Browser(sys.argv[1] if len(sys.argv) > 1 else None)

    def say(line):
        print(json.dumps(line), flush=True)

    def hear(source, condition):
        line = source.readline()
        if not line:
            Gtk.main_quit()
            return False
        ask = json.loads(line)
        getattr(browser, ask["do"])(ask, lambda end: say({"id": ask["id"], **end}))
        return True

    # Unbuffered, or a second line would wait inside for a third.
    source = open(sys.stdin.fileno(), "rb", buffering=0)
    GLib.io_add_watch(source, GLib.PRIORITY_DEFAULT, GLib.IO_IN | GLib.IO_HUP, hear)
    version = [WebKit2.get_major_version(), WebKit2.get_minor_version(), WebKit2.get_micro_version()]
    say({"version": ".".join(map(str, version))})
    Gtk.main()


main()
