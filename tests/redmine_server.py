"""A Redmine of Debian's own package on loopback, with a database that is made for it and thrown away; the machine's own stays as it is."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import socket
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

RAILS = Path("/usr/share/redmine")
PACKAGES = "redmine redmine-sqlite puma"
NEEDED = RAILS / "config.ru", Path("/usr/bin/puma"), Path("/usr/lib/ruby/vendor_ruby/sqlite3.rb")
SECONDS_TO_START = 120
PROJECTS = 60  # du-an-1 and so on, public, with docparse, an.nguyen and binh.tran as members

# Debian's Redmine knows several instances, each a folder below /var/lib/redmine; a name that climbs up leads to one elsewhere
CLIMB = "../" * 12
GEMS = f"""
eval_gemfile "{RAILS}/Gemfile"
gem "sqlite3" unless dependencies.any? {{ |found| found.name == "sqlite3" }}
"""
DATABASE = """
production:
  adapter: sqlite3
  database: {folder}/redmine.db
  encoding: utf8
  timeout: 10000
"""
SEED = r"""
require "/usr/share/redmine/config/application"
RedmineApp::Application.config.before_eager_load { |app| app.config.eager_load_namespaces.clear }
RedmineApp::Application.initialize!
ActiveRecord::ConnectionAdapters::SQLite3Adapter.prepend(Module.new do
  def configure_connection
    super
    execute("PRAGMA synchronous = OFF")
  end
end)
ActiveRecord::Base.connection.reconnect!
ActiveRecord::Migration.verbose = false
ActiveRecord::Base.connection.migration_context.migrate
ActiveRecord::Base.connection.schema_cache.clear!
ActiveRecord::Base.descendants.each(&:reset_column_information)
Redmine::DefaultData::Loader.load("vi")
Setting.rest_api_enabled = "1"
Setting.text_formatting = "textile"
Setting.notified_events = []
User.find_by_login("admin").update!(must_change_passwd: false)
[%w(docparse May Máy), %w(an.nguyen An Nguyễn), %w(binh.tran Bình Trần), %w(khach Ngoài Người)].each do |login, first, last|
  user = User.new(firstname: first, lastname: last, mail: "#{login}@example.vn", language: "vi", mail_notification: "none")
  user.login = login
  user.save!
end
Token.where(action: "api").delete_all
%w(admin docparse).each { |login| Token.create!(user: User.find_by_login(login), action: "api").update_column(:value, ENV.fetch("KEY_" + login.upcase)) }
trackers = Tracker.sorted.to_a
bare = Tracker.new(name: "Không mô tả", default_status: trackers.first.default_status)
bare.core_fields = Tracker::CORE_FIELDS - ["description"]
bare.save!
bare.copy_workflow_rules(trackers.first)
[["Đơn vị chủ trì", "string"], ["Đơn vị phối hợp", "text"], ["Đường dẫn", "link"], ["Nhãn", "string"], ["Mã docparse", "string"]].each do |name, format|
  IssueCustomField.create!(name: name, field_format: format, is_filter: true, trackers: trackers, is_for_all: false)
end
first = Project.new(name: "Dự án 1", identifier: "du-an-1", is_public: true, enabled_module_names: ["issue_tracking"])
first.trackers = Tracker.sorted.to_a
first.issue_custom_fields = IssueCustomField.all.to_a
first.save!
%w(docparse an.nguyen binh.tran).each { |login| Member.create!(principal: User.find_by_login(login), project: first, roles: [Role.givable.first]) }
Project.insert_all((2..PROJECTS).map { |n| first.attributes.merge("id" => n, "name" => "Dự án #{n}", "identifier" => "du-an-#{n}", "lft" => 2 * n - 1, "rgt" => 2 * n) })
{projects_trackers: "tracker_id", custom_fields_projects: "custom_field_id", enabled_modules: "name", members: "user_id, created_on"}.each do |table, columns|
  Project.connection.execute("INSERT INTO #{table} (project_id, #{columns}) SELECT others.id, #{columns} FROM (SELECT id FROM projects WHERE id > 1) others, #{table} WHERE project_id = 1")
end
Project.connection.execute("INSERT INTO member_roles (member_id, role_id) SELECT id, #{Role.givable.first.id} FROM members WHERE project_id > 1")
run Rails.application
"""


PLACES = (f"du-an-{number}" for number in range(1, PROJECTS + 1))


def free_project() -> str:
    """The identifier of a project that nobody used before."""
    return next(PLACES)


def missing() -> str | None:
    """Why Redmine cannot be started here, None if it can."""
    absent = [str(path) for path in NEEDED if not path.exists()]
    return f"Redmine is not installed ({', '.join(absent)} not there): apt-get install {PACKAGES}" if absent else None


@dataclass(frozen=True, slots=True)
class Redmine:
    """A running server. `key` is of an ordinary member (docparse), `admin_key` of the administrator."""

    url: str
    key: str
    admin_key: str
    folder: Path

    def admin(self, method: str, path: str, **body: object) -> httpx.Response:
        """What the administrator does."""
        answer = httpx.request(method, f"{self.url}/{path}", json=body or None, headers={"X-Redmine-API-Key": self.admin_key}, timeout=30)
        assert answer.status_code < 300, answer.text
        return answer

    def sub_project(self, identifier: str, parent: str) -> int:
        """The id of a new public project below another, with its members."""
        above = self.admin("GET", f"projects/{parent}.json").json()["project"]["id"]
        about = {"identifier": identifier, "name": f"Dự án {identifier}", "parent_id": above, "inherit_members": True, "tracker_ids": [1]}
        made: int = self.admin("POST", "projects.json", project=about).json()["project"]["id"]
        return made

    def sql(self, statement: str, *values: object) -> None:
        """Change the database."""
        with closing(sqlite3.connect(self.folder / "redmine.db", timeout=10)) as connection, connection:
            connection.execute(statement, values)

    def set(self, name: str, value: str) -> None:
        """Change a setting of the administrator's; Redmine looks at the time of the change."""
        now = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=1)
        self.sql("DELETE FROM settings WHERE name = ?", name)
        self.sql("INSERT INTO settings (name, value, updated_on) VALUES (?, ?, ?)", name, value, now.strftime("%Y-%m-%d %H:%M:%S.%f"))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def server() -> Iterator[Redmine]:
    """A running Redmine; it stops at the end. It starts in about seven seconds: half of them load it, half make the tables."""
    folder, port = Path(tempfile.mkdtemp(prefix="docparse-redmine-")).resolve(), _free_port()
    for name in ("config", "files", "log", "tmp"):
        (folder / name).mkdir()
    (folder / "config" / "database.yml").write_text(DATABASE.format(folder=folder))
    (folder / "config" / "secret_key.txt").write_text(os.urandom(32).hex())
    (folder / "Gemfile").write_text(GEMS)
    (folder / "config.ru").write_text(SEED.replace("PROJECTS", str(PROJECTS)))
    found = Redmine(f"http://127.0.0.1:{port}", os.urandom(20).hex(), os.urandom(20).hex(), folder)
    environment = {
        **{"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TZ": "UTC", "HOME": str(folder), "SCHEMA": "/dev/null", "RAILS_ENV": "production"},
        **{"X_DEBIAN_SITEID": CLIMB + str(folder).lstrip("/"), "BUNDLE_GEMFILE": str(folder / "Gemfile")},
        **{"KEY_ADMIN": found.admin_key, "KEY_DOCPARSE": found.key},
    }
    command = ["puma", "-e", "production", "-t", "1:4", "-b", f"tcp://127.0.0.1:{port}", str(folder / "config.ru")]
    with (folder / "log" / "puma").open("wb") as log:
        process = subprocess.Popen(command, cwd=RAILS, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        _wait(found, process)
        yield found
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _wait(found: Redmine, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < end and process.poll() is None:
        try:
            if httpx.get(f"{found.url}/users/current.json", headers={"X-Redmine-API-Key": found.key}, timeout=30).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise RuntimeError(f"Redmine did not start:\n{(found.folder / 'log' / 'puma').read_text(errors='replace')[-4000:]}")
