"""A release in the manifests: four digests or none, and what is refused."""

import hashlib
import shutil
from pathlib import Path

import pytest

from deploy.release import OPEN, ROOT, SERVICES, NoRelease, image_name, main, overlay, pushed, wrong_with

REGISTRY = "registry.example/innovationspraktik"
OVERLAY = """\
# what prod runs
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - ../../../base/{service} # the service itself
labels:
  - pairs:
      app.kubernetes.io/version: unreleased
    includeTemplates: true
images:
  - name: innovationspraktik-{service}
    newName: registry.example/innovationspraktik/{service}
    newTag: unreleased
"""


def digest(service: str) -> str:
    return f"sha256:{hashlib.sha256(service.encode()).hexdigest()}"


PUSHED = "\n".join(f"{REGISTRY}/{service}:1.2.0@{digest(service)}" for service in SERVICES)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for service in SERVICES:
        folder = tmp_path / "deploy" / "k8s" / "overlays" / "prod" / service
        folder.mkdir(parents=True)
        (folder / "kustomization.yaml").write_text(OVERLAY.format(service=service), "utf-8")
    (tmp_path / "CHANGELOG.md").write_text(
        "# Changelog\n\n## Unreleased\n\n## 1.2.0\n\n- **Operators**: …\n", "utf-8"
    )
    (tmp_path / "pushed.txt").write_text(PUSHED, "utf-8")
    return tmp_path


def said(tree: Path, service: str) -> str:
    return (tree / "deploy/k8s/overlays/prod" / service / "kustomization.yaml").read_text("utf-8")


def change(tree: Path, service: str, old: str, new: str) -> None:
    text = said(tree, service)
    assert old in text
    (tree / "deploy/k8s/overlays/prod" / service / "kustomization.yaml").write_text(
        text.replace(old, new), "utf-8"
    )


def written(tree: Path) -> int:
    return main(["write", "1.2.0", "--env", "prod", "--root", str(tree), str(tree / "pushed.txt")])


def checked(tree: Path, *version: str) -> int:
    return main(["check", *version, "--env", "prod", "--root", str(tree)])


def test_an_open_release_is_refused_with_a_sentence_for_each_service(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert checked(tree) == 1
    assert [line.partition(":")[0] for line in capsys.readouterr().err.splitlines()] == list(SERVICES)


def test_a_written_release_passes_and_everything_else_in_the_files_stays(tree: Path) -> None:
    assert written(tree) == 0
    assert checked(tree) == checked(tree, "1.2.0") == 0
    for service in SERVICES:
        expected = OVERLAY.format(service=service).replace("unreleased", "1.2.0")
        assert said(tree, service) == f"{expected}    digest: {digest(service)}\n"


def test_a_release_is_written_over_another(tree: Path) -> None:
    written(tree)
    later = PUSHED.replace("1.2.0", "1.3.0").replace(digest("notify"), digest("notify 1.3"))
    (tree / "pushed.txt").write_text(later, "utf-8")

    assert main(["write", "1.3.0", "--env", "prod", "--root", str(tree), str(tree / "pushed.txt")]) == 0
    assert said(tree, "notify").count("digest:") == 1
    assert "1.2.0" not in said(tree, "notify")
    assert [line for line in wrong_with(env="prod", root=tree) if "CHANGELOG" in line]


def test_files_that_do_not_indent_their_lists_stay_so(tree: Path) -> None:
    plain = "images:\n- name: innovationspraktik-notify\n  newName: x\n  newTag: unreleased\n"
    (tree / "deploy/k8s/overlays/prod/notify/kustomization.yaml").write_text(plain, "utf-8")

    assert written(tree) == 0
    assert said(tree, "notify").startswith(
        f"images:\n- name: innovationspraktik-notify\n  newName: {REGISTRY}/notify\n"
    )


def test_what_docker_push_prints_is_understood() -> None:
    printed = "".join(
        f"The push refers to repository [{REGISTRY}/{image_name(service)}]\n5f70bf18a086: Pushed\n"
        f"1.2.0: digest: {digest(service)} size: 1993\n"
        for service in SERVICES
    )

    assert pushed(printed) == {
        service: (f"{REGISTRY}/{image_name(service)}", digest(service)) for service in SERVICES
    }


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "registration: no digest is named"),
        (PUSHED.replace(f"{REGISTRY}/notify", f"{REGISTRY}/other"), "notify: no digest is named"),
        (f"{PUSHED}\n{REGISTRY}/notify@{digest('again')}", "notify: 2 digests are named"),
        (PUSHED.replace(digest("notify"), digest("matching")), "matching and notify have the same digest"),
        (PUSHED.replace(digest("notify"), f"sha256:{'0' * 64}"), "is no digest that a registry gives"),
        (PUSHED.replace(digest("notify"), "sha256:abc"), "notify: no digest is named"),
    ],
)
def test_what_is_not_four_digests_is_refused_and_nothing_is_written(
    tree: Path, text: str, sentence: str
) -> None:
    (tree / "pushed.txt").write_text(text, "utf-8")
    with pytest.raises(NoRelease, match=sentence):
        pushed(text)

    assert written(tree) == 1
    assert OPEN in said(tree, "registration")


def test_a_file_that_cannot_be_read_is_named(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    missing = tree / "forgotten.txt"
    assert main(["write", "1.2.0", str(missing), "--env", "prod", "--root", str(tree)]) == 1
    assert f"{missing} cannot be read: No such file" in capsys.readouterr().err


@pytest.mark.parametrize(
    "version",
    [
        "1.2",
        "latest",
        "v1.2.0",
        "unreleased",
        "1.2.0 ",
        "1.2.0-rc.1",
        "1.2.0-RC1",
        "1.2.0-",
        "1.2.0-candidate0001",
    ],
)
def test_what_is_no_version_is_refused(tree: Path, version: str) -> None:
    assert main(["write", version, "--env", "prod", "--root", str(tree), str(tree / "pushed.txt")]) == 1
    assert "digest:" not in said(tree, "registration")


def test_a_candidate_is_a_release_of_its_own(tree: Path) -> None:
    (tree / "CHANGELOG.md").write_text("## 1.2.0-rc1\n\n- x\n", "utf-8")

    assert main(["write", "1.2.0-rc1", "--env", "prod", "--root", str(tree), str(tree / "pushed.txt")]) == 0
    assert checked(tree, "1.2.0-rc1") == 0
    change(tree, "notify", "newTag: 1.2.0-rc1", "newTag: 1.2.0-rc.1")
    assert any("1.2.0-rc.1: not a version" in line for line in wrong_with(env="prod", root=tree))


def test_one_open_image_two_versions_or_a_label_that_disagrees_are_refused(tree: Path) -> None:
    written(tree)
    change(tree, "notify", "newTag: 1.2.0", "newTag: 1.1.0")
    found = wrong_with(env="prod", root=tree)
    assert any("the versions differ" in line and "notify 1.1.0" in line for line in found)
    assert any(
        "notify: the image is 1.1.0 and app.kubernetes.io/version says 1.2.0" in line for line in found
    )

    change(tree, "notify", f"\n    digest: {digest('notify')}", "")
    assert any(line.startswith("notify: no image is named yet") for line in wrong_with(env="prod", root=tree))


def test_zeros_in_place_of_a_digest_are_refused(tree: Path) -> None:
    written(tree)
    change(tree, "notify", digest("notify"), f"sha256:{'0' * 64}")

    assert checked(tree) == 1


def test_a_release_that_the_changelog_does_not_know_or_says_nothing_of_is_refused(tree: Path) -> None:
    written(tree)
    for text in (
        "# Changelog\n\n## Unreleased\n\n- x\n",
        "# Changelog\n\n## 1.2.0\n\n## 1.1.0\n\n- x\n",
        "## 1.2.01\n\n- x\n",
    ):
        (tree / "CHANGELOG.md").write_text(text, "utf-8")
        assert [line for line in wrong_with(env="prod", root=tree) if "has no section `## 1.2.0`" in line]

    (tree / "CHANGELOG.md").write_text("# Changelog\n\n## 1.2.0 (2026-12-01)\n\n- x\n", "utf-8")
    assert checked(tree) == 0


def test_another_version_than_the_one_that_was_asked_for_is_refused(tree: Path) -> None:
    written(tree)

    assert checked(tree, "1.2.1") == 1


def test_an_overlay_that_is_missing_or_names_no_image_is_refused(tree: Path) -> None:
    written(tree)
    change(tree, "notify", "innovationspraktik-notify", "somebody-elses")
    (tree / "deploy/k8s/overlays/prod/matching/kustomization.yaml").unlink()
    found = wrong_with(env="prod", root=tree)

    assert any("matching: kustomization.yaml is missing" in line for line in found)
    assert any("must name innovationspraktik-notify once" in line for line in found)


@pytest.mark.parametrize("env", ["test", "prod"])
def test_the_manifests_that_are_there_take_a_release_and_change_in_nothing_else(tree: Path, env: str) -> None:
    shutil.copytree(
        ROOT / "deploy" / "k8s" / "overlays" / env, tree / "deploy/k8s/overlays" / env, dirs_exist_ok=True
    )
    before = {service: overlay(service, env=env, root=tree).read_text("utf-8") for service in SERVICES}

    assert main(["write", "1.2.0", "--env", env, "--root", str(tree), str(tree / "pushed.txt")]) == 0
    assert main(["check", "1.2.0", "--env", env, "--root", str(tree)]) == 0
    for service in SERVICES:
        old, new = (
            before[service].splitlines(),
            overlay(service, env=env, root=tree).read_text("utf-8").splitlines(),
        )
        changed = {line.strip(" -{}").partition(": ")[0] for line in set(old) ^ set(new)}
        assert changed <= {"newName", "newTag", "digest", "pairs", "app.kubernetes.io/version"}
