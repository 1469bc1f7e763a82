// Words of different letters that mean one thing where capabilities are described.

/// A small dictionary: each line is one concept. Without a model this is all the meaning there is.
enum Concepts {
    /// The concepts of a stem, by their line; none for most words.
    static func of(_ stem: [UInt8]) -> [UInt16] { table[stem] ?? [] }

    /// Looked up only.
    private static let table: [[UInt8]: [UInt16]] = {
        var table: [[UInt8]: [UInt16]] = [:]
        for (number, line) in lines.enumerated() {
            for word in line.split(separator: " ") {
                let stem = Words.stem(Array(word.utf8))
                if table[stem]?.contains(UInt16(number)) == true { continue }
                table[stem, default: []].append(UInt16(number))
            }
        }
        return table
    }()

    private static let lines: [String] = """
        summarize summary summarise abstract condense digest shorten tldr brief
        translate translation localize localise language interpret multilingual
        transcribe transcription speech dictation subtitle caption asr
        image picture photo photograph graphic illustration drawing
        video film clip movie footage
        audio sound music voice podcast song
        code program programming software source developer coding
        debug fix repair bug troubleshoot
        test testing verify validate check quality qa
        search find lookup retrieve query seek discover
        scrape crawl extract harvest spider
        browse browser web webpage website chrome playwright puppeteer selenium internet
        database sql postgres postgresql mysql sqlite mongodb table query
        file document folder directory filesystem drive
        pdf document paper scan ocr
        email mail gmail inbox outlook imap smtp
        message chat slack discord telegram whatsapp sms
        calendar schedule appointment meeting event booking
        book reserve reservation flight hotel travel trip airline ticket
        map geocode location route navigation directions places gps
        weather forecast climate temperature rain
        money payment pay invoice bill billing stripe paypal checkout
        bank finance financial stock trading market invest crypto portfolio price
        blockchain crypto ethereum bitcoin solana wallet token onchain
        law legal contract compliance regulation
        medicine medical health clinical patient doctor
        math mathematics calculate calculator arithmetic compute equation solve
        statistics analyze analyse analysis analytics insight report metrics
        chart graph plot diagram visualize visualise dashboard
        classify classification label categorize tag sort
        sentiment opinion emotion mood review
        write writing draft compose author copywriting text generate
        edit rewrite proofread grammar correct spelling
        answer question faq support helpdesk assistant
        teach learn tutor course lesson education school
        news article headline journalism press
        social twitter facebook linkedin instagram reddit post
        shop store ecommerce shopify product catalog cart
        customer crm sales lead salesforce hubspot
        task todo project issue ticket jira linear asana kanban
        note notes memory knowledge notion obsidian wiki remember
        git github gitlab repository commit pullrequest
        deploy docker kubernetes cloud aws azure gcp server infrastructure hosting
        log monitor observability trace alert incident
        security vulnerability malware pentest threat audit scan
        encrypt secret key password vault credential
        convert transform format parse
        design figma ui layout frontend interface
        game gaming play minecraft unity
        phone call telephone dial
        sensor iot device robot robotics home
        embed embedding vector semantic similarity rag
        train finetune model learning neural inference llm
        dataset data record corpus csv spreadsheet excel
        """.split(separator: "\n").map(String.init)
}
