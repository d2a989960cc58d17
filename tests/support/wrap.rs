//! Bytes in the margins of a whole file, for fuzzing: a mutant of the file would break what holds them.

/// The bytes behind the first, as a part of what that one names: a style sheet of a page, a text without charset, extended headers of a tar,
/// extra fields, comments and loose bytes of a zip and a gzip, a package in an RTF, free sectors of a compound file, records of a workbook
/// under a key.
pub fn wrapped(bytes: &[u8]) -> Vec<u8> {
    let Some((kind, bytes)) = bytes.split_first() else { return Vec::new() };
    match kind % 8 {
        0 => [b"<html><style>", bytes, b"</style><b class='a c' id=b title=T>1<i></i>2</b><p class=c>3<br>"]
            .concat(),
        1 => [b"Nom;".as_slice(), bytes].concat(),
        2 => tar(bytes),
        3 => zip(bytes),
        4 => gzip(bytes),
        5 => rtf(bytes),
        6 => compound(bytes),
        _ => workbook(bytes),
    }
}

fn short(number: usize) -> [u8; 2] {
    u16::try_from(number).unwrap_or(u16::MAX).to_le_bytes()
}

fn long(number: usize) -> [u8; 4] {
    u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes()
}

/// A member under an extended header (POSIX.1-2024, pax).
fn tar(content: &[u8]) -> Vec<u8> {
    let block = |kind: u8, content: &[u8]| {
        let mut head = vec![0; 512];
        head[..1].copy_from_slice(b"a");
        head[124..135].copy_from_slice(format!("{:011o}", content.len()).as_bytes());
        head[156] = kind;
        head[148..156].fill(b' ');
        let sum: usize = head.iter().map(|byte| usize::from(*byte)).sum();
        head[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
        let mut block = [head, content.to_vec()].concat();
        block.resize(block.len().div_ceil(512) * 512, 0);
        block
    };
    let record = [format!("{} comment=", content.len() + 20).as_bytes(), content].concat();
    [block(b'x', &record), block(b'x', content), block(b'0', b"Bonjour"), vec![0; 1024]].concat()
}

/// A stored member (APPNOTE 4.3), with the bytes in every margin.
fn zip(bytes: &[u8]) -> Vec<u8> {
    let bytes = &bytes[..bytes.len().min(60_000)];
    let sizes = [long(7), long(7)].concat();
    let head =
        [&[20, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0][..], &sizes, &short(1), &short(bytes.len())].concat();
    let local = [b"PK\x03\x04".as_slice(), &head, b"a", bytes, b"Bonjour", bytes].concat();
    let central =
        [b"PK\x01\x02\x14\0".as_slice(), &head, &short(bytes.len()), &[0; 12], b"a", bytes, bytes].concat();
    let place = [long(central.len()), long(local.len())].concat();
    let end = [b"PK\x05\x06\0\0\0\0\x01\0\x01\0".as_slice(), &place, &short(bytes.len()), bytes].concat();
    [local, central, end].concat()
}

/// An empty member with an extra field, a name and a comment (RFC 1952, 2.3).
fn gzip(bytes: &[u8]) -> Vec<u8> {
    let bytes = &bytes[..bytes.len().min(60_000)];
    let line: Vec<u8> = bytes.iter().copied().filter(|byte| *byte != 0).collect();
    let head = [&[0x1F, 0x8B, 8, 4 | 8 | 16, 0, 0, 0, 0, 0, 3][..], &short(bytes.len()), bytes].concat();
    [&head, &line[..], &[0], &line, &[0], &[3, 0, 0, 0, 0, 0, 0, 0, 0, 0], bytes].concat()
}

/// An object in hexadecimal digits ([MS-OLEDS], 2.2.5): a package.
fn rtf(bytes: &[u8]) -> Vec<u8> {
    let object =
        [&long(0x501)[..], &long(2), &long(8), b"Package\0", &long(0), &long(0), &long(bytes.len()), bytes];
    let digits: String = object.concat().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{{\\rtf1{{\\object\\objemb{{\\*\\objdata {digits}}}}}}}").into_bytes()
}

/// A table, a directory of one storage, and sectors that neither names ([MS-CFB], 2.2).
fn compound(bytes: &[u8]) -> Vec<u8> {
    let mut file = vec![0xFF; 512];
    file[..8].copy_from_slice(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1");
    file[8..76].fill(0);
    for (at, number) in [(24, 0x3E), (26, 3), (28, 0xFFFE), (30, 9), (32, 6)] {
        file[at..at + 2].copy_from_slice(&short(number));
    }
    for (at, number) in [(44, 1), (48, 1), (56, 4096), (60, 0xFFFF_FFFE), (68, 0xFFFF_FFFE), (76, 0)] {
        file[at..at + 4].copy_from_slice(&long(number));
    }
    let mut table = vec![0xFF; 512];
    table[..8].copy_from_slice(b"\xFD\xFF\xFF\xFF\xFE\xFF\xFF\xFF");
    let mut directory = vec![0; 512];
    directory[..2].copy_from_slice(b"R\0");
    directory[64..68].copy_from_slice(&[4, 0, 5, 1]);
    directory[68..80].fill(0xFF);
    let mut all = [file, table, directory, bytes.to_vec()].concat();
    all.resize(all.len().div_ceil(512) * 512, 0);
    all
}

/// Records under the password that programs try by themselves, or one that is not ([MS-XLS], 2.4.117).
fn workbook(bytes: &[u8]) -> Vec<u8> {
    let (key, rest) = bytes.split_at(bytes.len().min(54));
    let record = |kind: usize, content: &[u8]| [&short(kind)[..], &short(content.len()), content].concat();
    let begin = record(0x809, &[0, 6, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    let opens = include_bytes!("../formats/ole/opens.xls").as_slice();
    let own =
        opens.windows(58).find(|it| it.starts_with(b"\x2F\0\x36\0\x01\0\x01\0\x01\0")).map(|it| &it[4..]);
    let key = own.filter(|_| key.first().is_some_and(|byte| byte & 1 == 0)).unwrap_or(key);
    [begin, record(0x2F, key), rest.to_vec()].concat()
}
