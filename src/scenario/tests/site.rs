//! The site around the chat.

use std::path::Path;

use crate::base::dist::Law;
use crate::base::time::RealSpan;
use crate::scenario::defaults::Origin;
use crate::scenario::plan::site::{Asked, SitePlan};
use crate::scenario::plan::target::Trust;
use crate::scenario::{Scenario, parse};

/// A desk and this site.
fn with_site(site: &str, gates: &str) -> Result<Scenario, String> {
    let yaml = format!(
        "name: t\nlength: 1h\nsupport: {{arrivals: {{rate: 60/h}}, patience: never, agents: {{count: 1}}}}\n\
         site: {site}\ngates: [{gates}]\n"
    );
    parse("t.yaml", yaml, Path::new(".")).map_err(|problems| problems.to_string())
}

fn site(text: &str) -> SitePlan {
    with_site(text, "").unwrap().plan.run.site.unwrap()
}

#[test]
fn pages_are_gone_to_unless_they_are_fetched_beside_others() {
    let site = site(
        "{host: \"http://shop:8080/\", visitors: 20, wait: 5s, pages: [{path: /, weight: 3}, {path: \"/Shop/list.html?p=2\"}, \
         {path: /w.js, with: first page}, {path: /1.gif, with: every page}, {path: /config, name: poll, every: 30s}]}",
    );
    assert_eq!((site.host.as_deref(), site.visitors), (Some("http://shop:8080"), 20));
    assert_eq!(site.wait, Law::constant(5.0));
    let pages: Vec<_> = site.pages.iter().map(|page| (page.name.as_str(), page.when)).collect();
    assert_eq!(
        pages,
        [
            ("home", Asked::Visited(3.0)),
            ("shop-list-html-p-2", Asked::Visited(1.0)),
            ("w-js", Asked::WithFirst),
            ("page-1-gif", Asked::WithEvery),
            ("poll", Asked::Every(RealSpan::from_whole_secs(30))),
        ]
    );
    assert_eq!(site.pages[1].path, "/Shop/list.html?p=2");
}

#[test]
fn it_is_the_embedded_servers_and_nobody_waits_long_unless_the_scenario_says_so() {
    let scenario = with_site("{visitors: 1, pages: [{path: /}]}", "").unwrap();
    let row = |path: &str| scenario.rows.iter().find(|row| row.path == path).unwrap();
    assert_eq!(row("site.wait").origin, Origin::Assumed);
    assert_eq!(
        (row("site.pages[0].name").value.as_str(), row("site.pages[0].weight").value.as_str()),
        ("home", "1")
    );
    let site = scenario.plan.run.site.unwrap();
    assert_eq!((site.host, site.trust), (None, Trust::Machine));
}

#[test]
fn trust_is_as_with_a_target() {
    assert_eq!(site("{host: \"https://a\", visitors: 1, pages: [{path: /}]}").trust, Trust::Machine);
    let any = site("{host: \"https://a\", insecure: true, visitors: 1, pages: [{path: /}]}");
    assert_eq!(any.trust, Trust::Anybody);
}

#[test]
fn gates_know_the_pages() {
    let pages = "{visitors: 1, pages: [{path: /}]}";
    assert_eq!(with_site(pages, "\"site.home.p95 < 1s\"").unwrap().plan.gates.len(), 1);
    let problems = with_site(pages, "\"site.hme.p95 < 1s\"").unwrap_err();
    assert!(problems.contains("site.home.p95"), "{problems}");
}

#[test]
fn what_makes_no_sense_is_refused_where_it_stands() {
    for (text, says) in [
        ("{pages: [{path: /}]}", "no `visitors`"),
        ("{visitors: 5}", "no `pages`"),
        ("{visitors: 5, pages: []}", "from 1 to 100"),
        ("{visitors: 0, pages: [{path: /}]}", "from 1 to 100000"),
        ("{visitors: 5, pages: [{name: a}]}", "no `path`"),
        ("{visitors: 5, pages: [{path: index.html}]}", "a path on the site"),
        ("{visitors: 5, pages: [{path: \"//elsewhere/\"}]}", "a path on the site"),
        ("{visitors: 5, pages: [{path: \"/a b\"}]}", "%20 for a space"),
        ("{visitors: 5, pages: [{path: /, name: Home}]}", "beginning with a letter"),
        ("{visitors: 5, pages: [{path: /a}, {path: /A}]}", "`a` a second time"),
        ("{visitors: 5, pages: [{path: /, weight: 1, every: 3s}]}", "weight and every"),
        ("{visitors: 5, pages: [{path: /, with: all}]}", "first page, every page"),
        ("{visitors: 5, pages: [{path: /, every: 10ms}]}", "at least 100ms"),
        ("{visitors: 5, pages: [{path: /, every: 3s}]}", "a page that visitors go to"),
        ("{visitors: 5, pages: [{path: /, weigth: 3}]}", "did you mean `weight`?"),
        ("{host: \"ws://a\", visitors: 5, pages: [{path: /}]}", "such as http://127.0.0.1:8080"),
        ("{host: \"http://a/shop\", visitors: 5, pages: [{path: /}]}", "without a path"),
        ("{host: \"http://u:p@a\", visitors: 5, pages: [{path: /}]}", "without a name and a password"),
        (
            "{host: \"http://a\", insecure: true, visitors: 5, pages: [{path: /}]}",
            "which does nothing without TLS",
        ),
    ] {
        let problems = with_site(text, "").unwrap_err();
        // Wherever the line breaks.
        let flowing = problems.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(flowing.contains(says), "{text}: {problems}");
    }
}
