//! Writes a city and says how long it took: `synthesize PERSONS FOLDER [DIRT]`.

use std::error::Error;
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [persons, out, dirt @ ..] = arguments.as_slice() else {
        return Err("usage: synthesize PERSONS FOLDER [DIRT]".into());
    };
    let options = synth::Options {
        persons: persons.parse()?,
        seed: 1,
        out: out.into(),
        dirt: dirt.first().map(|rate| rate.parse()).transpose()?,
    };
    let start = Instant::now();
    let summary = synth::generate(&options, &|_, _, _| ())?;
    let seconds = start.elapsed().as_secs_f64();
    for written in &summary.files {
        println!(
            "{:30} {:>10} rows {:>12} bytes",
            written.file.file, written.rows, written.bytes
        );
    }
    println!(
        "{} spoiled, {} bytes, {seconds:.2} s",
        summary.spoiled,
        summary.bytes()
    );
    Ok(())
}
