"""What an agency copies: whole folders that agree with each other and with the contract, and name nobody's registry."""

import re
import subprocess

from foreign import tool
from kit.kits import JAVA, KIT, NODE, PYTHON

from ipraktik_contracts import TOPICS
from ipraktik_contracts.registry import EVENT_CLASSES

SCHEMAS = (PYTHON / "subscriber" / "schema.sql", NODE / "schema.sql", JAVA / "src/main/resources/schema.sql")
HEARD = JAVA / "src/main/java/dk/innovationspraktik/kit/Heard.java"
INTAKE = JAVA / "src/main/java/dk/innovationspraktik/kit/Intake.java"
PUBLIC = [cls for cls in EVENT_CLASSES if cls.AUDIENCE == "public"]


def test_all_kits_keep_the_same_tables() -> None:
    assert len({file.read_bytes() for file in SCHEMAS}) == 1


def test_node_knows_every_public_type_by_its_key() -> None:
    text = (NODE / "envelope.mjs").read_text("utf-8")
    by_key = dict(re.findall(r"^    (\w+_id): \[(.*?)\]", text, re.MULTILINE | re.DOTALL))
    told = {name: key for key, names in by_key.items() for name in re.findall(r'"(\w+)"', names)}
    assert told == {cls.__name__: cls.KEY for cls in PUBLIC}


def test_java_knows_every_public_type_by_its_key() -> None:
    text = HEARD.read_text("utf-8")
    lists = re.findall(r'List\.of\(([^()]*)\)\s*\.forEach\(name -> KEYS\.put\(name, "(\w+)"\)\)', text)
    told = {name: key for names, key in lists for name in re.findall(r'"(\w+)"', names)}
    assert told == {cls.__name__: cls.KEY for cls in PUBLIC}


def test_all_read_exactly_the_public_topics() -> None:
    public = [topic.name for topic in TOPICS if topic.public]
    assert re.findall(r'"(innovationspraktik\.[a-z.]+\.v1)"', INTAKE.read_text("utf-8")) == public
    names = re.findall(r"PUBLIC_TOPICS = \[(.*?)\]", (NODE / "intake.mjs").read_text("utf-8"))[0]
    assert [f"innovationspraktik.{name}.v1" for name in re.findall(r'"(\w+)"', names)] == public


def test_no_file_says_where_packages_come_from() -> None:
    assert '"resolved"' not in (NODE / "package-lock.json").read_text("utf-8")
    assert "<repositor" not in (JAVA / "pom.xml").read_text("utf-8")


def test_each_kit_has_a_page_that_says_how_to_run_it() -> None:
    for folder in (KIT, PYTHON, NODE, JAVA):
        assert (folder / "README.md").read_text("utf-8").startswith("# "), folder


def test_node_s_files_pass_node_s_own_check() -> None:
    node = tool("node", install="Node.js 20 or newer")
    for file in sorted(NODE.glob("*.mjs")):
        checked = subprocess.run(
            [node, "--check", str(file)], capture_output=True, text=True, timeout=30, check=False
        )
        assert checked.returncode == 0, checked.stderr
