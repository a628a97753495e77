//! Charts as inline SVG, drawn by hand: a frame with two axes, and bars, lines and bands in it. No script:
//! what a part of a chart says when it is pointed at is text that the style sheet shows.

use std::fmt::Write as _;

use super::scale::Axis;
use crate::report::xml::escape;

/// The series of a chart; each has a colour of its own in the style sheet, the second line is dashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Series {
    First,
    Second,
}

impl Series {
    const fn class(self) -> &'static str {
        match self {
            Self::First => "one",
            Self::Second => "two",
        }
    }
}

/// Where the frame lies in the picture.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// One frame with its axes, being drawn.
pub(super) struct Plot {
    frame: Frame,
    x: Axis,
    y: Axis,
    /// What lies behind, what is drawn, and what is said when pointed at.
    back: String,
    marks: String,
    hits: String,
}

impl Plot {
    pub(super) fn new(frame: Frame, x: Axis, y: Axis) -> Self {
        let (back, marks, hits) = (String::new(), String::new(), String::new());
        Self { frame, x, y, back, marks, hits }
    }

    fn x(&self, value: f64) -> f64 {
        self.frame.left + self.x.scale.place(value) * self.frame.width
    }

    fn y(&self, value: f64) -> f64 {
        self.frame.top + (1.0 - self.y.scale.place(value)) * self.frame.height
    }

    /// Shades a stretch of the x axis.
    pub(super) fn band(&mut self, from: f64, to: f64) {
        let (x, width) = (self.x(from), self.x(to) - self.x(from));
        let Frame { top, height, .. } = self.frame;
        if width >= 0.5 {
            let rect = format!("<rect class=band x={x:.1} y={top:.1} width={width:.1} height={height:.1} />");
            self.back.push_str(&rect);
        }
    }

    /// A bar from (x0, y0) to (x1, y1), a little narrower than its stretch.
    pub(super) fn bar(&mut self, x: (f64, f64), y: (f64, f64), series: Series) {
        let (left, right) = (self.x(x.0), self.x(x.1));
        let (bottom, top) = (self.y(y.0), self.y(y.1));
        if bottom - top < 0.05 {
            return;
        }
        let gap = ((right - left) * 0.12).min(1.5);
        let _ = write!(
            self.marks,
            "<rect class={} x={:.1} y={top:.1} width={:.1} height={:.1} />",
            series.class(),
            left + gap / 2.0,
            (right - left - gap).max(0.5),
            bottom - top
        );
    }

    /// A line through the points; `faint` where it is not to be relied on.
    pub(super) fn line(&mut self, points: &[(f64, f64)], series: Series, faint: bool) {
        if points.len() < 2 {
            return;
        }
        let (class, faint) = (series.class(), if faint { " faint" } else { "" });
        let _ = write!(self.marks, "<path class=\"line {class}{faint}\" d=\"{}\" />", self.path(points));
    }

    /// What lies under the points, down to the axis.
    pub(super) fn area(&mut self, points: &[(f64, f64)], series: Series) {
        let (Some(first), Some(last)) = (points.first(), points.last()) else { return };
        let base = self.frame.top + self.frame.height;
        let (start, end) = (self.x(first.0), self.x(last.0));
        let _ = write!(
            self.marks,
            "<path class=\"area {}\" d=\"{}L{end:.1} {base:.1}L{start:.1} {base:.1}Z\" />",
            series.class(),
            self.path(points)
        );
    }

    /// What lies between a lower and an upper value at each place.
    pub(super) fn between(&mut self, ends: &[(f64, f64, f64)], series: Series) {
        if ends.len() < 2 {
            return;
        }
        let there: Vec<(f64, f64)> = ends.iter().map(|&(x, low, _)| (x, low)).collect();
        let back: Vec<(f64, f64)> = ends.iter().rev().map(|&(x, _, high)| (x, high)).collect();
        let outline = self.path(&[there, back].concat());
        let _ = write!(self.marks, "<path class=\"area {}\" d=\"{outline}Z\" />", series.class());
    }

    /// A dot at each point.
    pub(super) fn dots(&mut self, points: &[(f64, f64)], series: Series) {
        for &(x, y) in points {
            let (x, y) = (self.x(x), self.y(y));
            let _ = write!(self.marks, "<circle class={} cx={x:.1} cy={y:.1} r=3 />", series.class());
        }
    }

    /// A dashed line at `value`, across the frame.
    pub(super) fn level(&mut self, value: f64) {
        let (y, left, width) = (self.y(value), self.frame.left, self.frame.width);
        let _ = write!(self.marks, "<path class=level d=\"M{left:.1} {y:.1}h{width:.1}\" />");
    }

    /// From a lower to an upper value at one place.
    pub(super) fn whisker(&mut self, x: f64, (low, high): (f64, f64), series: Series) {
        let (x, top, bottom) = (self.x(x), self.y(high), self.y(low));
        let class = series.class();
        let _ = write!(self.marks, "<path class=\"line {class}\" d=\"M{x:.1} {top:.1}V{bottom:.1}\" />");
    }

    /// A dashed line at a place of the x axis, from top to bottom, and what it is called: at its top, or else at its foot.
    pub(super) fn upright(&mut self, value: f64, called: &str, at_top: bool) {
        let x = self.x(value);
        let Frame { left, top, width, height } = self.frame;
        let y = if at_top { top + 13.0 } else { top + height - 8.0 };
        // On the side where there is room.
        let (class, text) = if x > left + 0.8 * width { ("quiet end", x - 6.0) } else { ("quiet", x + 6.0) };
        let called = escape(called);
        let _ = write!(self.marks, "<path class=level d=\"M{x:.1} {top:.1}v{height:.1}\" />");
        let _ = write!(self.marks, "<text class=\"{class}\" x={text:.1} y={y:.1}>{called}</text>");
    }

    fn path(&self, points: &[(f64, f64)]) -> String {
        let mut path = String::with_capacity(points.len() * 12);
        for (i, &(x, y)) in points.iter().enumerate() {
            let _ = write!(path, "{}{:.1} {:.1}", if i == 0 { 'M' } else { 'L' }, self.x(x), self.y(y));
        }
        path
    }

    /// What is said above the frame while the stretch is pointed at.
    pub(super) fn hit(&mut self, x: (f64, f64), says: &str) {
        let (left, right) = (self.x(x.0), self.x(x.1));
        let Frame { top, height, width, left: start } = self.frame;
        let _ = write!(
            self.hits,
            "<g><rect x={left:.1} y={top} width={:.1} height={height} /><text x={} y={}>{}</text></g>",
            (right - left).max(1.0),
            start + width,
            top - 8.0,
            escape(says)
        );
    }

    /// The drawing; `with_x`: with the labels of the x axis.
    pub(super) fn draw(self, with_x: bool) -> String {
        let Frame { left, top, width, height } = self.frame;
        let base = top + height;
        let mut out = self.back.clone();
        for (value, label) in &self.y.ticks {
            let (y, label) = (self.y(*value), escape(label));
            let (end, middle) = (left - 7.0, y + 4.0);
            let _ = write!(out, "<path class=grid d=\"M{left:.1} {y:.1}h{width:.1}\" />");
            let _ = write!(out, "<text class=\"quiet end\" x={end:.1} y={middle:.1}>{label}</text>");
        }
        out.push_str(&self.marks);
        let _ = write!(out, "<path class=axis d=\"M{left:.1} {base:.1}h{width:.1}\" />");
        for (value, label) in self.x.ticks.iter().filter(|_| with_x) {
            let (x, below, label) = (self.x(*value), base + 19.0, escape(label));
            let _ = write!(out, "<path class=axis d=\"M{x:.1} {base:.1}v4\" />");
            let _ = write!(out, "<text class=\"quiet mid\" x={x:.1} y={below:.1}>{label}</text>");
        }
        let _ = write!(out, "<g class=hits>{}</g>", self.hits);
        out
    }
}

/// A picture of this size for whoever sees it, and in words for whoever does not.
pub(super) fn svg(
    (width, height): (f64, f64),
    class: &str,
    title: &str,
    description: &str,
    drawing: &str,
) -> String {
    let (title, description) = (escape(title), escape(description));
    format!(
        "<svg class=\"{class}\" viewBox=\"0 0 {width} {height}\" role=img aria-label=\"{title}\">\
         <desc>{description}</desc>{drawing}</svg>"
    )
}

/// A chart with its heading, its key and a note below.
pub(super) struct Figure<'a> {
    pub(super) title: &'a str,
    /// The series by name.
    pub(super) key: &'a [(Series, &'a str)],
    /// What it shows, for everybody.
    pub(super) note: &'a str,
    pub(super) class: &'a str,
}

impl Figure<'_> {
    /// Around one picture, or several of the same.
    pub(super) fn around(&self, pictures: &str) -> String {
        let mut key = String::new();
        for (series, name) in self.key {
            let _ = write!(key, "<span class=key><i class={}></i>{}</span>", series.class(), escape(name));
        }
        let (class, title, note) = (self.class, escape(self.title), escape(self.note));
        format!(
            "<figure class=\"card {class}\"><figcaption><h4>{title}</h4><p>{key}</p></figcaption>{pictures}\
             <p class=note>{note}</p></figure>\n"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plot() -> Plot {
        let frame = Frame { left: 40.0, top: 20.0, width: 400.0, height: 200.0 };
        Plot::new(frame, Axis::numbers(10.0, 5), Axis::numbers(100.0, 4))
    }

    #[test]
    fn marks_lie_where_the_axes_say() {
        let mut plot = plot();
        plot.line(&[(0.0, 0.0), (10.0, 100.0)], Series::First, false);
        plot.bar((0.0, 5.0), (0.0, 50.0), Series::Second);
        let drawn = plot.draw(true);
        assert!(drawn.contains("d=\"M40.0 220.0L440.0 20.0\""), "{drawn}");
        assert!(drawn.contains("<rect class=two x=40.8 y=120.0 width=198.5 height=100.0 />"), "{drawn}");
    }

    #[test]
    fn what_is_said_is_escaped() {
        let mut plot = plot();
        plot.hit((0.0, 1.0), "<b>");
        let picture = svg((480.0, 260.0), "", "a\"b", "<c>", &plot.draw(true));
        assert!(!picture.contains("<b>") && !picture.contains("<c>"));
        assert!(picture.contains("aria-label=\"a&quot;b\""));
    }
}
