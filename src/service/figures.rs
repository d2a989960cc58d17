//! The milter's own counters on the metrics page.

use std::fmt;
use std::sync::Arc;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;

use crate::milter::{Counters, Figures};

/// Reads the milter's counters when the page is asked for.
#[derive(Debug)]
pub struct MilterFigures(pub Arc<Counters>);

/// Name, help, and where the figure is found.
type Row = (&'static str, &'static str, fn(&Figures) -> u64);

const COUNTED: [Row; 13] = [
    ("milter_connections", "Connections of the MTA", |f| f.connections),
    ("milter_connections_refused", "Connections past the limit: their mail is put off", |f| f.over_limit),
    ("milter_accepted", "Messages answered with accept", |f| f.accepted),
    ("milter_rejected", "Messages answered with a refusal", |f| f.rejected),
    ("milter_discarded", "Messages taken over, a sealed copy being kept", |f| f.discarded),
    ("milter_tempfailed", "Messages the MTA has to try again", |f| f.tempfailed),
    ("milter_too_large", "Messages past the limit of size", |f| f.too_large),
    ("milter_no_room", "Messages put off: the memory budget was spent", |f| f.no_room),
    ("milter_panics", "Panics while judging", |f| f.panicked),
    ("milter_abandoned", "Messages whose MTA left before the answer", |f| f.abandoned),
    ("milter_spilled", "Messages that waited in a file", |f| f.spilled),
    ("milter_timeouts", "Connections closed for silence", |f| f.timeouts),
    ("milter_protocol_errors", "Connections closed for breaking the protocol", |f| f.protocol_errors),
];

const MEASURED: [Row; 2] = [
    ("milter_connections_open", "Connections now open", |f| f.open),
    ("milter_buffered_bytes", "Bytes of messages now in reception", |f| f.buffered),
];

impl Collector for MilterFigures {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let figures = self.0.read();
        for (name, help, figure) in COUNTED {
            let counter = ConstCounter::new(figure(&figures));
            counter.encode(encoder.encode_descriptor(name, help, None, counter.metric_type())?)?;
        }
        for (name, help, figure) in MEASURED {
            let gauge = ConstGauge::new(i64::try_from(figure(&figures)).unwrap_or(i64::MAX));
            gauge.encode(encoder.encode_descriptor(name, help, None, gauge.metric_type())?)?;
        }
        Ok(())
    }
}
