"""The pages as anybody reads them: valid, accessible in what markup can say, whole, and the same every time."""

import itertools
import re
from typing import Final

import pytest
from contracts.site.reading import LOADING, attribute, destination, elements, files, ids, links, pages, words

from ipraktik_contracts.publishing.site import site_files
from ipraktik_contracts.registry import EVENT_CLASSES

PAGES: Final = pages()


def test_the_pages_come_out_the_same_every_time() -> None:
    assert dict(site_files()) == dict(files())


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_html_without_a_parse_error(path: str) -> None:
    assert files()[path].startswith("<!DOCTYPE html>\n")
    assert [one.name for one in elements(path)][:2] == ["html", "head"]


@pytest.mark.parametrize("path", PAGES)
def test_no_id_is_there_twice(path: str) -> None:
    found = ids(path)
    assert sorted(found) == sorted(set(found))


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_one_main_heading_and_leaves_no_level_out(path: str) -> None:
    levels = [int(one.name[1]) for one in elements(path) if re.fullmatch("h[1-6]", one.name)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_its_landmarks_language_and_a_way_past_the_menu(path: str) -> None:
    names = [one.name for one in elements(path)]
    assert [names.count(name) for name in ("header", "main", "footer")] == [1, 1, 1]
    assert len(elements(path, "head > title")) == 1
    assert attribute(elements(path, "html")[0], "lang") == "en"
    first_link = elements(path, "a")[0]
    assert attribute(first_link, "href") == "#" + str(attribute(elements(path, "main")[0], "id"))
    assert all(attribute(one, "aria-label") for one in elements(path, "nav"))
    assert [words(one) for one in elements(path, "nav a") if attribute(one, "aria-current")] != []


@pytest.mark.parametrize("path", PAGES)
def test_every_table_has_a_caption_and_scopes(path: str) -> None:
    for table in elements(path, "table"):
        assert table.query("caption"), f"{path}: a table without a caption"
        assert all(attribute(head, "scope") in ("col", "row") for head in table.query("th"))
        for row in table.query("tbody tr"):
            assert len(row.query("th")) == 1, f"{path}: a row without its name"


@pytest.mark.parametrize("path", PAGES)
def test_what_can_be_scrolled_sideways_can_be_so_by_keyboard_and_has_a_name_of_its_own(path: str) -> None:
    regions = [one for one in elements(path) if attribute(one, "role") == "region"]
    assert all(attribute(one, "tabindex") == "0" for one in regions)
    names = [attribute(one, "aria-label") for one in regions]
    assert None not in names
    assert len(names) == len(set(names))


def test_every_link_leads_to_something_within_the_site() -> None:
    leads_nowhere = []
    for path in PAGES:
        for link in links(path):
            if re.match("[a-z]+:", link):
                leads_nowhere.append(f"{path}: {link} leads away")
                continue
            target, fragment = destination(path, link)
            if target not in files() or (fragment and fragment not in ids(target)):
                leads_nowhere.append(f"{path}: {link}")
    assert leads_nowhere == []


def test_every_page_can_be_reached_from_the_front_page() -> None:
    reached, ahead = {"index.html"}, ["index.html"]
    while ahead:
        path = ahead.pop()
        for link in links(path):
            target, _ = destination(path, link)
            if target.endswith(".html") and target not in reached:
                reached.add(target)
                ahead.append(target)
    assert sorted(reached) == PAGES


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_loaded_from_elsewhere_and_no_script_is_needed(path: str) -> None:
    names = {one.name for one in elements(path)}
    assert names.isdisjoint({"script", "iframe", "form", "base", "object", "embed"})
    # a drawing brings its own style; whatever else there is stands in the one sheet
    assert len(elements(path, "style")) == len(elements(path, "svg style"))
    for one in elements(path):
        loaded = attribute(one, LOADING.get(one.name, "src"))
        if loaded is not None and not loaded.startswith("#"):
            assert destination(path, loaded)[0] in files(), f"{path}: {loaded}"
        assert not [name for name in one.attrs or {} if name.startswith("on")]


def test_the_style_sheet_loads_nothing() -> None:
    sheet = files()["style.css"]
    assert "url(" not in sheet
    assert "@import" not in sheet


@pytest.mark.parametrize("name", [event_class.__name__ for event_class in EVENT_CLASSES])
def test_every_event_has_a_page_with_all_that_a_subscriber_asks(name: str) -> None:
    path = f"events/{name}.html"
    headings = [words(one) for one in elements(path, "h2")]
    event_class = next(one for one in EVENT_CLASSES if one.__name__ == name)
    wanted = ["Fields", "Example", "Changes", "On the same topic"]
    if event_class.AUDIENCE == "public":
        wanted = ["When it is said, and what to make of it", "What comes before and after", *wanted]
    assert headings == wanted
    captions = [words(one) for one in elements(path, "caption")]
    assert f"Fields of {name}" in captions
    assert name in [words(one) for one in elements("events/index.html", "table a")]


def test_danish_is_marked_as_danish() -> None:
    assert [words(one) for one in elements("index.html", "section[lang=da] h2")] == ["Kort fortalt på dansk"]
    assert elements("codes.html", "td[lang=da]")


def test_every_word_of_the_glossary_has_its_danish_one() -> None:
    terms = elements("glossary.html", "dt")
    assert len(terms) > 60
    for term in terms:
        (danish,) = term.query("span[lang=da]")
        assert words(danish)


def test_all_text_is_text_and_no_mark_of_markdown_is_left() -> None:
    for path in PAGES:
        text = " ".join(
            words(one)
            for one in elements(path)
            if one.name in ("p", "li", "td", "dd", "h1", "h2", "h3", "summary")
        )
        assert "**" not in text, path
        assert "](" not in text, path
        assert "{{" not in text, path
