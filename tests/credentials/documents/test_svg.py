import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from badges_server.credentials.baking.svg import bake, extract
from badges_server.credentials.baking.svg_carrier import MAXIMUM_DEPTH, MAXIMUM_SVG_BYTES, NAMESPACES, Version
from badges_server.credentials.errors import BakingError
from badges_server.credentials.json_text import MAXIMUM_BYTES

PLAIN = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0"/></svg>'
JWS = "eyJh.eyJi.c2ln"
JSON_3 = '{"id":"https://a.example/1","name":"« été » & <b>]]></b>"}'
JSON_2 = '{"id":"https://a.example/2?x=1&y=\\"z\\"","type":"Assertion"}'
NAMESPACE_3 = 'xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0"'
NAMESPACE_2 = 'xmlns:openbadges="http://openbadges.org"'

in_xml = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
json_texts = st.text(in_xml, max_size=60).map(lambda text: json.dumps({"id": "urn:x", "x": text}, ensure_ascii=False))
prologs = st.sampled_from(
    [
        "",
        "\ufeff",
        '<?xml version="1.0" encoding="UTF-8"?>\n',
        "<!-- <svg> 'not\" yet -->\n",
        '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">',
        "<!DOCTYPE svg [<!ELEMENT svg ANY>]>",
    ]
)
roots = st.sampled_from(
    [
        PLAIN,
        '<svg xmlns="http://www.w3.org/2000/svg"/>',
        "<svg\txmlns = 'http://www.w3.org/2000/svg'\n aria-label='a > b / c &lt;' ></svg >",
        '<s:svg xmlns:s="http://www.w3.org/2000/svg"><s:g/>été</s:svg>',
        '<svg xmlns="http://www.w3.org/2000/svg" data-a="/>"/>',
    ]
)
epilogs = st.sampled_from(["", "\n", "<!-- end -->\r\n", "<?x y?>"])
versions: st.SearchStrategy[Version] = st.sampled_from(["2.0", "3.0"])


@given(prolog=prologs, root=roots, epilog=epilogs, text=json_texts | st.just(JWS), version=versions)
def test_what_is_baked_is_read_back_and_the_rest_is_untouched(
    prolog: str, root: str, epilog: str, text: str, version: Version
) -> None:
    svg = prolog + root + epilog
    baked = bake(svg, text, version)
    assert extract(baked.encode()) == [(version, text)]
    element_start = baked.index(f"<openbadges:{'credential' if version == '3.0' else 'assertion'}")
    element_end = baked.index("/>" if text == JWS else "]></openbadges:", element_start)
    element_end = baked.index(">", element_end + (0 if text == JWS else 3)) + 1
    remainder = baked[:element_start] + baked[element_end:]
    remainder = remainder.replace(f' xmlns:openbadges="{NAMESPACES[version]}"', "", 1)
    assert remainder == svg or expanded(svg) == expanded(remainder)


def expanded(svg: str) -> bytes:
    """`<svg/>` had to become `<svg></svg>`: the same XML."""
    return etree.tostring(etree.fromstring(svg.encode()), method="c14n")


@given(first=json_texts | st.just(JWS), second=json_texts | st.just(JWS), version=versions)
def test_baking_again_replaces(first: str, second: str, version: Version) -> None:
    assert bake(bake(PLAIN, first, version), second, version) == bake(PLAIN, second, version)


def test_the_forms_are_those_of_the_standards() -> None:
    opening = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1" '
    rest = '<path d="M0 0"/></svg>'
    assert bake(PLAIN, JWS, "3.0") == f'{opening}{NAMESPACE_3}><openbadges:credential verify="{JWS}"/>{rest}'
    assert bake(PLAIN, JSON_3, "3.0") == (
        f"{opening}{NAMESPACE_3}><openbadges:credential><![CDATA["
        '{"id":"https://a.example/1","name":"« été » & <b>]]]]><![CDATA[></b>"}'
        f"]]></openbadges:credential>{rest}"
    )
    assert bake(PLAIN, JWS, "2.0") == f'{opening}{NAMESPACE_2}><openbadges:assertion verify="{JWS}"/>{rest}'
    assert bake(PLAIN, JSON_2, "2.0") == (
        f"{opening}{NAMESPACE_2}><openbadges:assertion verify='https://a.example/2?x=1&amp;y=\"z\"'>"
        f"<![CDATA[{JSON_2}]]></openbadges:assertion>{rest}"
    )


@pytest.mark.parametrize(("text", "version"), [(JSON_3, "3.0"), (JSON_2, "2.0"), (JWS, "3.0"), (JWS, "2.0")])
def test_another_xml_reader_finds_the_same(text: str, version: Version) -> None:
    name = "credential" if version == "3.0" else "assertion"
    first = etree.fromstring(bake(PLAIN, text, version).encode())[0]
    assert first.tag == f"{{{NAMESPACES[version]}}}{name}"
    assert (first.text or first.get("verify")) == text


def test_one_picture_may_carry_both_versions() -> None:
    both = bake(bake(PLAIN, JSON_2, "2.0"), JSON_3, "3.0")
    assert sorted(extract(both.encode())) == [("2.0", JSON_2), ("3.0", JSON_3)]
    again = bake(both, JWS, "2.0")
    assert sorted(extract(again.encode())) == [("2.0", JWS), ("3.0", JSON_3)]


def test_every_older_copy_is_replaced() -> None:
    element = f"<openbadges:credential {NAMESPACE_3}><x>a &gt; b</x></openbadges:credential >"
    svg = PLAIN.replace("<path", f'{element}<g>{element}<o:credential xmlns:o="{NAMESPACES["3.0"]}"/></g><path')
    assert bake(svg, JWS, "3.0") == bake(PLAIN.replace("<path", "<g></g><path"), JWS, "3.0")


@pytest.mark.parametrize(
    ("element", "expected"),
    [
        (f'<o:credential xmlns:o="{NAMESPACES["3.0"]}" verify=" a.b.c "/>', ("3.0", "a.b.c")),
        (f'<credential xmlns="{NAMESPACES["3.0"]}">\n {{"a": "&lt;"}} \n</credential>', ("3.0", '{"a": "<"}')),
        (f'<credential xmlns="{NAMESPACES["3.0"]}" verify="a.b.c">{{}}</credential>', ("3.0", "a.b.c")),
        (f'<assertion xmlns="{NAMESPACES["2.0"]}" verify="https://a.example"/>', ("2.0", "https://a.example")),
        (f'<assertion xmlns="{NAMESPACES["2.0"]}" verify="https://a.example">{{}}</assertion>', ("2.0", "{}")),
        (
            f'<assertion xmlns="{NAMESPACES["2.0"]}"><![CDATA[{{"a":]]><![CDATA["]]"}}]]></assertion>',
            ("2.0", '{"a":"]]"}'),
        ),
    ],
)
def test_carriers_are_found_by_namespace_wherever_they_stand(element: str, expected: tuple[str, str]) -> None:
    svg = PLAIN.replace("<path", f"<g>{element}</g><path")
    assert extract(svg.encode()) == [expected]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1"])
def test_the_declared_encoding_is_honoured(encoding: str) -> None:
    name = encoding.removesuffix("-sig")
    svg = f'<?xml version="1.0" encoding="{name}"?>' + bake(PLAIN, '{"n":"été"}', "3.0")
    assert extract(svg.encode(encoding)) == [("3.0", '{"n":"été"}')]


def test_a_picture_without_credential_carries_none() -> None:
    assert extract(PLAIN.encode()) == []
    elsewhere = PLAIN.replace(
        "<path", '<openbadges:credential xmlns:openbadges="urn:x">{}</openbadges:credential><path'
    )
    assert extract(elsewhere.encode()) == []


@pytest.mark.parametrize(
    ("svg", "reason"),
    [
        ("", "not XML: no element found"),
        ("<svg", "not XML"),
        (PLAIN[:-1], "not XML"),
        (PLAIN + PLAIN, "not XML: junk"),
        ("<html xmlns='http://www.w3.org/1999/xhtml'/>", "root element is not SVG"),
        ("<svg/>", "root element is not SVG"),
        (PLAIN.replace("<path", "<o:credential/><path"), "not XML: unbound prefix"),
        (f'<!DOCTYPE svg [<!ENTITY a "b">]>{PLAIN}', "an entity declaration"),
        (f'<!DOCTYPE svg [<!ENTITY % a SYSTEM "file:///etc/passwd">%a;]>{PLAIN}', "an entity declaration"),
        (f'<!DOCTYPE svg [<!ENTITY a SYSTEM "http://a.example/">]>{PLAIN}', "an entity declaration"),
        (PLAIN.replace("<path", "<g>" * MAXIMUM_DEPTH + "<path"), f"deeper than {MAXIMUM_DEPTH} elements"),
        (PLAIN + " " * MAXIMUM_SVG_BYTES, "picture of more than"),
    ],
)
def test_a_broken_picture_is_neither_baked_nor_read(svg: str, reason: str) -> None:
    with pytest.raises(BakingError, match=reason):
        extract(svg.encode())
    with pytest.raises(BakingError, match=reason):
        bake(svg, JWS, "3.0")


@pytest.mark.parametrize("encoding", ["no-such-encoding", "utf-7", "shift_jis"])
def test_an_encoding_that_xml_cannot_have_is_refused(encoding: str) -> None:
    with pytest.raises(BakingError, match=r"not (readable )?XML"):
        extract(f'<?xml version="1.0" encoding="{encoding}"?>{PLAIN}'.encode())


@pytest.mark.parametrize("content", ["", " \n", "<x/>", "a" * (MAXIMUM_BYTES + 1)])
def test_an_empty_or_huge_carrier_is_refused(content: str) -> None:
    svg = PLAIN.replace("<path", f'<credential xmlns="{NAMESPACES["3.0"]}">{content}</credential><path')
    with pytest.raises(BakingError, match="a credential of 1 to"):
        extract(svg.encode())


@pytest.mark.parametrize(
    ("text", "version", "reason"),
    [
        ("", "3.0", "a text of 1 to"),
        ("é" * MAXIMUM_BYTES, "3.0", "a text of 1 to"),
        ('{"a":"\0"}', "3.0", "XML cannot carry"),
        ('{\r\n"a":1}', "3.0", "XML cannot carry"),
        ('{"a":"\ufffe"}', "3.0", "XML cannot carry"),
        ('{"a":"\ud800"}', "3.0", "XML cannot carry"),
        ("{not json", "2.0", "not JSON"),
        ('{"type":"Assertion"}', "2.0", "without its id"),
    ],
)
def test_a_text_that_cannot_be_baked(text: str, version: Version, reason: str) -> None:
    with pytest.raises(BakingError, match=reason):
        bake(PLAIN, text, version)


def test_a_picture_that_is_not_unicode_is_refused() -> None:
    with pytest.raises(BakingError, match="not Unicode"):
        bake(PLAIN.replace("M0 0", "\ud800"), JWS, "3.0")


def outcome(svg: bytes) -> object:
    try:
        return extract(svg)
    except BakingError as error:
        return type(error)


@pytest.mark.parametrize(
    "svg",
    [
        "<a>" * 1_500_000,
        "<svg " + "a" * 4_000_000,
        f"<svg xmlns='http://www.w3.org/2000/svg' {' '.join(f'a{n}=_{n}_' for n in range(300_000))}/>".replace(
            "_", '"'
        ),
        "<!--" + "-" * 4_000_000,
        "<![CDATA[" + "]]" * 2_000_000,
    ],
    ids=["deep", "long name", "many attributes", "comment", "cdata"],
)
def test_hostile_pictures_cost_little(svg: str) -> None:
    started = time.process_time()
    assert outcome(svg.encode()) in ([], BakingError)
    assert time.process_time() - started < 2


@given(st.integers(0, 400), st.binary(min_size=1, max_size=3))
def test_any_mutation_ends_in_texts_or_in_one_error(place: int, patch: bytes) -> None:
    baked = bake(PLAIN, JSON_3, "3.0").encode()
    mutated = baked[:place] + patch + baked[place + len(patch) :]
    found = outcome(mutated)
    assert found is BakingError or (isinstance(found, list) and all(text for _, text in found))
