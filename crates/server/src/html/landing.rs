//! Where everything begins, as a page.

use schema::Collection;

/// The page.
pub fn page<'a>(collections: impl Iterator<Item = &'a Collection>, is_synthetic: bool) -> String {
    let warning = match is_synthetic {
        true => {
            "<p>合成数据，其中没有真实的人。<span class=\"en\">Synthetic data: nobody in it is real.</span></p>\n"
        }
        false => "",
    };
    let table = super::collections::table(collections);
    let content = format!(
        "<p>人口、法人、空间、宏观经济四大基础库 \
         <span class=\"en\" lang=\"en\">The base registers of a city: persons, organizations, space, macroeconomy</span></p>\n\
         {warning}<form action=\"/search\"><input name=\"q\" aria-label=\"检索 search\"> <button>检索 search</button></form>\n\
         {table}\n<p><a href=\"/console/\">控制台 console</a> · <a href=\"/api?f=html\">接口说明 API</a> · <a href=\"/api?f=openapi31\">OpenAPI 3.1</a> · \
         <a href=\"/api?f=openapi30\">OpenAPI 3.0</a> · <a href=\"/tileMatrixSets\">瓦片矩阵集 tile matrix sets</a> · \
         <a href=\"/metrics\">监控 metrics</a></p>"
    );
    super::page("基库", "Jiku", &[], &content)
}
