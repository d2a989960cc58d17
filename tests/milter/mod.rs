//! The milter protocol: laws on generated conversations, transcripts, foreign clients, hostile peers.

mod child;
mod hostile;
mod laws;
mod live;
mod mutations;
mod neighbours;
mod peer;
mod replies;
mod served;
mod server;
mod transcripts;

/// The files of a folder of the package with this extension, as (name, text), sorted by name.
fn folder_texts(folder: &str, extension: &str) -> Vec<(String, String)> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files = entries.filter(|path| path.extension().is_some_and(|found| found == extension));
    let name = |path: &std::path::Path| path.file_name().unwrap().to_string_lossy().into_owned();
    let mut texts: Vec<_> =
        files.map(|path| (name(&path), std::fs::read_to_string(&path).unwrap())).collect();
    texts.sort();
    texts
}
