#!/usr/bin/python3
"""A browser around WebKitGTK for WebKitWebDriver to drive.

MiniBrowser, which comes with WebKitGTK, keeps nothing while it is driven: each of its windows is a private one.
This one keeps a profile, so that it can be killed and opened again, and has what Safari has by default:
WebKitGTK builds the file system API in, but leaves it switched off.
"""
import os

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")
from gi.repository import Gtk, WebKit2  # noqa: E402

FEATURES = {"AccessHandle", "FileSystem", "FileSystemWritableStream", "StorageAPI", "StorageAPIEstimate"}


def make_context():
    profile = os.environ.get("TUTTI_PROFILE")
    if profile is None:
        context = WebKit2.WebContext.new_ephemeral()
    else:
        manager = WebKit2.WebsiteDataManager(
            base_data_directory=f"{profile}/data", base_cache_directory=f"{profile}/cache"
        )
        context = WebKit2.WebContext(website_data_manager=manager)
    context.set_automation_allowed(True)
    return context


def make_settings():
    settings = WebKit2.Settings(enable_write_console_messages_to_stdout=True)
    features = WebKit2.Settings.get_all_features()
    for feature in map(features.get, range(features.get_length())):
        if feature.get_identifier() in FEATURES:
            settings.set_feature_enabled(feature, True)
    return settings


def main():
    context, settings, tabs = make_context(), make_settings(), Gtk.Notebook()

    def close_tab(view):
        # Not only out of sight: its process, and the locks in it, end with it.
        view.destroy()

    def create_tab(_session):
        view = WebKit2.WebView(web_context=context, settings=settings, is_controlled_by_automation=True)
        view.connect("close", close_tab)
        view.show()
        tabs.set_current_page(tabs.append_page(view, None))
        return view

    def start_session(_context, session):
        version = [WebKit2.get_major_version(), WebKit2.get_minor_version(), WebKit2.get_micro_version()]
        # Which process to kill is told in the only place that a driver shows: the name.
        info = WebKit2.ApplicationInfo()
        info.set_name(f"{os.getpid()}")
        info.set_version(*version)
        session.set_application_info(info)
        session.connect("create-web-view", create_tab)

    context.connect("automation-started", start_session)
    window = Gtk.Window(default_width=1000, default_height=700)
    window.add(tabs)
    window.show_all()
    Gtk.main()


main()
