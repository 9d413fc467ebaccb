//! HTTP proxies from the environment.

use std::io::Write as _;
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use super::process::{Machine, in_aws, whole_request};

/// A proxy that records requests, and answers them itself.
struct Proxy {
    url: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let note = Arc::clone(&asked);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let Some(request) = whole_request(&mut stream) else { continue };
                let request = String::from_utf8(request).unwrap();
                let line = request.lines().next().unwrap().to_owned();
                let body = r#"{"ScheduleArn":"arn:aws:scheduler:eu-west-1:123456789012:schedule/t/x"}"#;
                // This proxy refuses tunnels.
                let status = if line.starts_with("CONNECT ") { "403 Forbidden" } else { "200 OK" };
                note.lock().unwrap().push(line);
                let length = body.len();
                write!(stream, "HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}")
                    .unwrap();
            }
        });
        Self { url, asked }
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

const TEA: [&str; 4] = ["add", "tea", "2999-01-01", "18:00"];

#[test]
fn plain_http_goes_through_the_proxy() {
    for variable in ["HTTP_PROXY", "http_proxy", "ALL_PROXY"] {
        let (machine, proxy) = (Machine::new(), Proxy::start());
        let mut command = in_aws(&machine, "http://scheduler.invalid", &TEA);
        let ended = command.env("AWS_ACCOUNT_ID", "123456789012").env(variable, &proxy.url).output().unwrap();
        assert!(ended.status.success(), "{ended:?}");
        let asked = proxy.asked();
        assert_eq!(asked.len(), 1, "{asked:?}");
        assert!(asked[0].starts_with("POST http://scheduler.invalid/schedules/"), "{asked:?}");
    }
}

#[test]
fn https_tunnels_through_the_proxy_unless_no_proxy_names_the_host() {
    let (machine, proxy) = (Machine::new(), Proxy::start());
    let mut command = in_aws(&machine, "https://scheduler.invalid", &TEA);
    command
        .env("AWS_ACCOUNT_ID", "123456789012")
        .env("HTTPS_PROXY", &proxy.url)
        .env("HTTP_PROXY", "http://nobody.invalid");
    let ended = command.output().unwrap();
    assert_eq!(ended.status.code(), Some(1), "{ended:?}");
    let asked = proxy.asked();
    assert!(
        !asked.is_empty() && asked.iter().all(|line| line == "CONNECT scheduler.invalid:443 HTTP/1.1"),
        "{asked:?}"
    );

    let ended = command.env("NO_PROXY", "scheduler.invalid").output().unwrap();
    assert_eq!(ended.status.code(), Some(1), "there is no such host: {ended:?}");
    assert_eq!(proxy.asked(), asked, "the proxy got no request");
}
