"""What other people's programs make of the server at the address given: run by run.py."""

import lzma
import os
import sys
import tempfile
import unittest
from pathlib import Path

import mapbox_vector_tile
import pyogrio
import pyogrio.raw
import pyshacl
import rdflib
import requests
import shapely
from owslib.ogcapi.features import Features

ADDRESS = sys.argv.pop(1) if len(sys.argv) > 1 else ""
# Whatever proxy there is, this server is on this machine.
SESSION = requests.Session()
KEY = f"Bearer {os.environ['JIKU_KEY']}"
SESSION.headers["Authorization"] = KEY
SESSION.trust_env = False
# GDAL's, for the same reason.
pyogrio.set_gdal_config_options({"GDAL_HTTP_PROXY": "", "CPL_CURL_VERBOSE": False})
pyogrio.set_gdal_config_options({"GDAL_HTTP_AUTH": "BEARER", "GDAL_HTTP_BEARER": os.environ["JIKU_KEY"]})


def get(path, **parameters):
    answer = SESSION.get(ADDRESS + path, params=parameters, timeout=30)
    assert answer.status_code == 200, f"{answer.status_code} {answer.text[:300]}"
    return answer


def count(collection, **parameters):
    return get(f"/collections/{collection}/items", limit=1, **parameters).json()["numberMatched"]


def written(path, **parameters):
    """A file that GDAL can open."""
    suffix = "." + parameters["f"]
    with tempfile.NamedTemporaryFile(suffix=suffix, delete=False) as file:
        file.write(get(path, **parameters).content)
    return Path(file.name)


class Gdal(unittest.TestCase):
    source = f"OAPIF:{ADDRESS}"

    def test_it_lists_the_collections(self):
        names = {name for name, _ in pyogrio.list_layers(self.source)}
        known = {one["id"] for one in get("/collections").json()["collections"]}
        self.assertEqual(names, known)

    def test_it_reads_a_collection_page_by_page(self):
        meta, _, geometry, fields = pyogrio.raw.read(self.source, layer="address", PAGE_SIZE="500")
        self.assertEqual(len(geometry), count("address"))
        self.assertIn("text", list(meta["fields"]))
        first = get("/collections/address/items", limit=1).json()["features"][0]
        names = list(meta["fields"])
        texts = list(fields[names.index("text")])
        place = shapely.from_wkb(geometry[texts.index(first["properties"]["text"])])
        self.assertAlmostEqual(place.x, first["geometry"]["coordinates"][0], 6)
        self.assertAlmostEqual(place.y, first["geometry"]["coordinates"][1], 6)

    def test_it_asks_for_a_box(self):
        box = (116.2, 39.8, 116.4, 40.0)
        *_, geometry, _ = pyogrio.raw.read(self.source, layer="address", bbox=box)
        expected = count("address", bbox=",".join(map(str, box)))
        self.assertEqual(len(geometry), expected)
        self.assertTrue(0 < expected < count("address"))

    def test_it_asks_for_a_filter(self):
        *_, geometry, _ = pyogrio.raw.read(self.source, layer="person", where="sex = '2'")
        self.assertEqual(len(geometry), count("person", filter="sex = '2'"))

    def test_it_reads_another_system(self):
        zone = "http://www.opengis.net/def/crs/EPSG/0/4548"
        here = "/collections/address/items"
        (lon, lat) = get(here, limit=1).json()["features"][0]["geometry"]["coordinates"]
        answer = get(here, limit=1, crs=zone)
        north, east = answer.json()["features"][0]["geometry"]["coordinates"]
        self.assertEqual(answer.headers["content-crs"], f"<{zone}>")
        self.assertTrue(4.3e6 < north < 4.6e6 and 3e5 < east < 6e5, f"{north} {east}")
        degrees = get(here, limit=1, crs="http://www.opengis.net/def/crs/EPSG/0/4490").json()
        self.assertEqual(degrees["features"][0]["geometry"]["coordinates"], [lat, lon])
        box = {"bbox": f"{north - 1},{east - 1},{north + 1},{east + 1}", "bbox-crs": zone}
        self.assertGreaterEqual(count("address", **box), 1)

    def test_it_asks_for_another_system(self):
        for code, turned in ((4548, True), (4490, True), (3857, False)):
            with self.subTest(code):
                uri = f"http://www.opengis.net/def/crs/EPSG/0/{code}"
                first = get("/collections/address/items", limit=1, crs=uri).json()["features"][0]
                given = first["geometry"]["coordinates"]
                *_, geometry, _ = pyogrio.raw.read(
                    self.source, layer="address", max_features=1, CRS=f"EPSG:{code}"
                )
                # GDAL turns what the definition has north first, to x before y.
                place = shapely.from_wkb(geometry[0])
                self.assertEqual([place.x, place.y], given[::-1] if turned else given)

    def test_it_reads_flatgeobuf(self):
        for collection in ("address", "division", "household", "road", "building"):
            with self.subTest(collection):
                path = written(f"/collections/{collection}/items", f="fgb")
                meta, _, geometry, fields = pyogrio.raw.read(path)
                rows = len(fields[0])
                self.assertEqual(rows, count(collection))
                self.assertEqual(meta["crs"], "EPSG:4490")
                ids = set(fields[list(meta["fields"]).index("id")])
                self.assertEqual(len(ids), rows)
                some = get(f"/collections/{collection}/items", limit=5).json()["features"]
                by_id = {id: wkb for id, wkb in zip(fields[list(meta["fields"]).index("id")], geometry)}
                for feature in some:
                    wkb = by_id[feature["id"]]
                    if feature["geometry"] is None:
                        self.assertIsNone(wkb)
                    else:
                        expected = shapely.from_geojson(str(feature["geometry"]).replace("'", '"'))
                        self.assertTrue(shapely.from_wkb(wkb).equals_exact(expected, 1e-9, normalize=True))

    def test_it_reads_flatgeobuf_in_a_gauss_kruger_zone(self):
        path = written("/collections/address/items", f="fgb", limit=50, crs="EPSG:4548")
        meta, _, geometry, _ = pyogrio.raw.read(path)
        self.assertEqual((meta["crs"], len(geometry)), ("EPSG:4548", 50))
        self.assertGreater(shapely.from_wkb(geometry[0]).y, 4.3e6)

    def test_it_reads_whole_geojson_and_csv(self):
        everything = count("place")
        path = written("/collections/place/items", f="geojson", limit="all")
        self.assertEqual(pyogrio.read_info(path)["features"], everything)
        lines = get("/collections/place/items", f="ndjson").text.splitlines()
        self.assertEqual(len(lines), everything)

    def test_it_reads_vector_tiles(self):
        path = written("/collections/division/tiles/WebMercatorQuad/0/0/0", f="mvt")
        layers = [name for name, _ in pyogrio.list_layers(f"MVT:{path}")]
        self.assertEqual(layers, ["division"])


class OwsLib(unittest.TestCase):
    def setUp(self):
        self.features = Features(ADDRESS, headers={"Authorization": KEY})

    def test_it_finds_its_way(self):
        self.assertIn("openapi", self.features.api())
        classes = self.features.conformance()["conformsTo"]
        self.assertIn("http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core", classes)
        self.assertIn("place", self.features.feature_collections())
        self.assertIn("name", self.features.collection_queryables("place")["properties"])

    def test_it_reads_records(self):
        page = self.features.collection_items("address", limit=3, bbox=[115.0, 39.0, 118.0, 41.0])
        self.assertEqual((page["type"], page["numberReturned"]), ("FeatureCollection", 3))
        identifier = page["features"][0]["id"]
        self.assertEqual(self.features.collection_item("address", identifier)["id"], identifier)
        some = self.features.collection_items("person", filter="sex = '1'", limit=1)
        self.assertEqual(some["numberMatched"], count("person", filter="sex = '1'"))

    def test_it_writes_records(self):
        body = '{"type":"Feature","geometry":null,"department":"statistics","properties":{"code":"OWS1","name":"试验指标"}}'
        self.assertTrue(self.features.collection_item_create("indicator", body))
        identifier = self.features.collection_items("indicator", code="OWS1")["features"][0]["id"]
        writer = Features(ADDRESS, headers={"If-Match": "*", "Jiku-Department": "statistics"})
        try:
            self.assertTrue(writer.collection_item_update("indicator", identifier, body.replace("试验", "实验")))
            self.assertEqual(
                self.features.collection_item("indicator", identifier)["properties"]["name"], "实验指标"
            )
            self.assertTrue(writer.collection_item_delete("indicator", identifier))
        finally:
            # It keeps these for all that come after.
            from owslib.ogcapi import REQUEST_HEADERS

            REQUEST_HEADERS.pop("If-Match", None)
            REQUEST_HEADERS.pop("Jiku-Department", None)
        gone = SESSION.get(f"{ADDRESS}/collections/indicator/items/{identifier}", timeout=30)
        self.assertEqual(gone.status_code, 404)


class Tiles(unittest.TestCase):
    def decoded(self, collection, path, **parameters):
        answer = SESSION.get(f"{ADDRESS}/collections/{collection}/tiles/{path}", params=parameters, timeout=30)
        if answer.status_code == 204:
            return []
        self.assertEqual(answer.status_code, 200, answer.text[:300])
        return mapbox_vector_tile.decode(answer.content)[collection]["features"]

    def counted(self, features):
        return sum(one["properties"].get("point_count", 1) for one in features)

    def test_every_record_is_in_some_tile(self):
        for collection in ("address", "person"):
            lines = get(f"/collections/{collection}/items", f="csv", properties="division").text.splitlines()[1:]
            placed = sum(1 for line in lines if not line.endswith(",,"))
            for matrix_set, tiles in (("WebMercatorQuad", ["0/0/0"]), ("CGCS2000Quad", ["0/0/0", "0/0/1"])):
                with self.subTest(f"{collection} {matrix_set}"):
                    found = [one for tile in tiles for one in self.decoded(collection, f"{matrix_set}/{tile}")]
                    self.assertEqual(self.counted(found), placed)
                    self.assertLessEqual(len(found), 4096)

    def test_clusters_of_the_four_tiles_below_add_up(self):
        above = self.decoded("person", "WebMercatorQuad/6/24/52")
        below = [
            one
            for row in (48, 49)
            for column in (104, 105)
            for one in self.decoded("person", f"WebMercatorQuad/7/{row}/{column}")
        ]
        self.assertTrue(all(one["properties"]["cluster"] for one in above))
        self.assertEqual(self.counted(above), self.counted(below))
        self.assertGreater(len(below), 1)

    def test_a_filter_is_honoured(self):
        some = self.counted(self.decoded("person", "WebMercatorQuad/0/0/0", filter="sex = '2'"))
        every = self.counted(self.decoded("person", "WebMercatorQuad/0/0/0"))
        self.assertTrue(0 < some < every)
        none = self.decoded("person", "WebMercatorQuad/0/0/0", knownAt="2000-01-01")
        self.assertEqual(none, [])

    def test_areas_are_areas(self):
        features = self.decoded("division", "WebMercatorQuad/8/96/210")
        self.assertTrue(features)
        for feature in features:
            shape = shapely.from_geojson(str(feature["geometry"]).replace("'", '"').replace("(", "[").replace(")", "]"))
            self.assertIn(shape.geom_type, ("Polygon", "MultiPolygon"))
            self.assertGreater(shape.area, 0)

    def test_the_tilejson_leads_to_tiles(self):
        described = get("/collections/address/tiles/WebMercatorQuad", f="tilejson").json()
        self.assertEqual(described["tilejson"], "3.0.0")
        self.assertEqual(described["vector_layers"][0]["id"], "address")
        template = described["tiles"][0]
        answer = SESSION.get(template.replace("{z}", "0").replace("{y}", "0").replace("{x}", "0"), timeout=30)
        self.assertEqual(answer.status_code, 200)
        tag = answer.headers["etag"]
        again = SESSION.get(answer.url, headers={"If-None-Match": tag}, timeout=30)
        self.assertEqual(again.status_code, 304)


class Catalogue(unittest.TestCase):
    """The catalogue under the shapes of DCAT-AP 3.0.1, and the two syntaxes beside one another."""

    shapes = rdflib.Graph()

    @classmethod
    def setUpClass(cls):
        for path in (Path(__file__).parents[2] / "fixtures" / "dcat-ap").glob("*.ttl.xz"):
            cls.shapes.parse(data=lzma.decompress(path.read_bytes()), format="turtle")
        # The published list of ranges names properties' shapes that it does not describe.
        shacl = rdflib.Namespace("http://www.w3.org/ns/shacl#")
        for shape, named in list(cls.shapes.subject_objects(shacl.property)):
            if (named, shacl.path, None) not in cls.shapes:
                cls.shapes.remove((shape, shacl.property, named))

    def graph(self, path, form):
        kind = {"ttl": "turtle", "jsonld": "json-ld"}[form]
        return rdflib.Graph().parse(data=get(path, f=form).text, format=kind)

    def test_it_is_valid(self):
        self.assertGreater(len(self.shapes), 1000)
        for path in ["/catalog", "/open"]:
            conforms, _, text = pyshacl.validate(self.graph(path, "ttl"), shacl_graph=self.shapes)
            self.assertTrue(conforms, text[:3000])

    def test_both_syntaxes_say_the_same(self):
        for path in ["/catalog", "/open"]:
            turtle, linked = self.graph(path, "ttl"), self.graph(path, "jsonld")
            self.assertGreater(len(turtle), 100)
            self.assertEqual(set(turtle), set(linked))

    def test_the_public_gets_what_is_open_and_nothing_else(self):
        public = requests.Session()
        public.trust_env = False
        answer = public.get(ADDRESS + "/open", timeout=30)
        self.assertEqual(answer.status_code, 200)
        for one in answer.json()["resources"]:
            for form in ["json", "csv", "ndjson", "html"]:
                got = public.get(ADDRESS + one["href"], params={"f": form}, timeout=60)
                self.assertEqual(got.status_code, 200, got.text[:300])
        self.assertEqual(public.get(ADDRESS + "/catalog", timeout=30).status_code, 401)


if __name__ == "__main__":
    unittest.main(verbosity=1)
