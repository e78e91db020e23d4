// Written by `npm run types` from /api; not by hand.
export interface paths {
    "/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 入口
         * @description Landing page
         */
        get: operations["getLanding"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/conformance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 符合的规范
         * @description Conformance classes
         */
        get: operations["getConformance"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/functions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 过滤条件可用的函数
         * @description The functions that filters know
         */
        get: operations["getFunctions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/console/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 控制台
         * @description The web console
         */
        get: operations["getConsole"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 接口描述
         * @description This description
         */
        get: operations["getApi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 存活探针
         * @description The process runs
         */
        get: operations["getHealthLive"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 就绪探针
         * @description Reads are answered
         */
        get: operations["getHealthReady"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 监控指标
         * @description Prometheus metrics
         */
        get: operations["getMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 数据集列表
         * @description The collections
         */
        get: operations["getCollections"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections/{collection}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 数据集
         * @description A collection
         */
        get: operations["getCollectionsCollection"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections/{collection}/schema": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 记录的 JSON Schema
         * @description JSON Schema of its records
         */
        get: operations["getCollectionsCollectionSchema"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections/{collection}/queryables": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 可查询字段
         * @description Fields a filter may name
         */
        get: operations["getCollectionsCollectionQueryables"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections/{collection}/items": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 检索
         * @description Search; any queryable field is a parameter too
         */
        get: operations["getCollectionsCollectionItems"];
        put?: never;
        /**
         * 新增记录
         * @description A new record
         */
        post: operations["postCollectionsCollectionItems"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections/{collection}/items/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 单条记录
         * @description One record
         */
        get: operations["getCollectionsCollectionItemsId"];
        /**
         * 整体替换本部门的记录
         * @description All that the department says of a record
         */
        put: operations["putCollectionsCollectionItemsId"];
        post?: never;
        /**
         * 自今日起终止，历史保留
         * @description The department says nothing of it from today on; its history stays
         */
        delete: operations["deleteCollectionsCollectionItemsId"];
        options?: never;
        head?: never;
        /**
         * 修改部分字段：变更、更正、补录
         * @description Some fields of a record: a change, a correction, a late arrival
         */
        patch: operations["patchCollectionsCollectionItemsId"];
        trace?: never;
    };
    "/collections/{collection}/items/{id}/end": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 自某日起终止
         * @description The department says nothing of it from a day on
         */
        post: operations["postCollectionsCollectionItemsIdEnd"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections/{collection}/items/{id}/retract": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 撤回一条陈述
         * @description A statement on it is withdrawn, from now on
         */
        post: operations["postCollectionsCollectionItemsIdRetract"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections/{collection}/items/{id}/merge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 并入另一条记录
         * @description It is another record: its id leads there
         */
        post: operations["postCollectionsCollectionItemsIdMerge"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections/{collection}/items/{id}/split": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 拆分出新记录
         * @description Statements on it are of a new record
         */
        post: operations["postCollectionsCollectionItemsIdSplit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections/{collection}/items/{id}/dispute": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 字段异议：提出、受理、核实、撤销
         * @description A field is in doubt: raised, accepted, verified, removed
         */
        post: operations["postCollectionsCollectionItemsIdDispute"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections/{collection}/items/{id}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 记录的全部版本
         * @description Every version of a record
         */
        get: operations["getCollectionsCollectionItemsIdVersions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections/{collection}/items/{id}/statements": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 记录的来源陈述
         * @description Who said what of a record
         */
        get: operations["getCollectionsCollectionItemsIdStatements"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections/{collection}/conflicts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 各来源说法不一的字段
         * @description Fields of which sources say different things
         */
        get: operations["getCollectionsCollectionConflicts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/responsibility": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 责任部门与更新情况
         * @description Who answers for what, and what is overdue
         */
        get: operations["getResponsibility"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections/{collection}/lookup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 按主键批量查找
         * @description Records by natural key, up to 1000
         */
        post: operations["postCollectionsCollectionLookup"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections/{collection}/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 核验：只答是否相符，不透露内容
         * @description Claims on records, each answered by a word
         */
        post: operations["postCollectionsCollectionVerify"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/query": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 统一查询
         * @description The unified query
         */
        post: operations["postQuery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/comparisons": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 批量比对任务列表
         * @description The caller's list comparisons, newest first
         */
        get: operations["getComparisons"];
        put?: never;
        /**
         * 提交名单批量比对
         * @description Compare a list of up to 50,000 keys by agreed questions
         */
        post: operations["postComparisons"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/comparisons/{comparison}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 一项批量比对
         * @description One list comparison
         */
        get: operations["getComparisonsComparison"];
        put?: never;
        post?: never;
        /**
         * 删除比对的名单和结果
         * @description Remove a comparison's keys and answers
         */
        delete: operations["deleteComparisonsComparison"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/comparisons/{comparison}/answers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 比对结果：是、否、未知
         * @description Its answers: yes, no or unknown
         */
        get: operations["getComparisonsComparisonAnswers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/comparisons/{comparison}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 继续失败的比对
         * @description Have a comparison go on that failed
         */
        post: operations["postComparisonsComparisonResume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections/{collection}/tiles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 矢量瓦片集
         * @description Its vector tilesets
         */
        get: operations["getCollectionsCollectionTiles"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections/{collection}/tiles/{set}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 一个瓦片集
         * @description A tileset; also as TileJSON
         */
        get: operations["getCollectionsCollectionTilesSet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections/{collection}/tiles/{set}/{matrix}/{row}/{column}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 矢量瓦片
         * @description A vector tile
         */
        get: operations["getCollectionsCollectionTilesSetMatrixRowColumn"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tileMatrixSets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 瓦片矩阵集列表
         * @description The tile matrix sets
         */
        get: operations["getTileMatrixSets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tileMatrixSets/{set}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 瓦片矩阵集
         * @description A tile matrix set
         */
        get: operations["getTileMatrixSetsSet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 跨库全文检索
         * @description One ranked list across the registers
         */
        get: operations["getSearch"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/suggest": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 按开头的字或拼音提示名称
         * @description Names that begin so, by characters or pinyin
         */
        get: operations["getSuggest"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/loads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 装载列表，最新在前
         * @description The loads, newest first
         */
        get: operations["getLoads"];
        put?: never;
        /**
         * 上传数据文件并试装
         * @description Take in a file of any size, and rehearse it
         */
        post: operations["postLoads"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/loads/{load}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 单次装载
         * @description One load
         */
        get: operations["getLoadsLoad"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/loads/{load}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 装载进度事件流
         * @description A load as it goes on, as server-sent events
         */
        get: operations["getLoadsLoadEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/loads/{load}/report": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 试装报告
         * @description What a load would change, or has; also as a page
         */
        get: operations["getLoadsLoadReport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/loads/{load}/rejects": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 拒收行（原编码、原列序）
         * @description The rows refused, as they came, to mend and send back
         */
        get: operations["getLoadsLoadRejects"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/loads/{load}/notices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 权责提示（来源部门不负责的字段）
         * @description Rows that say what their department does not answer for
         */
        get: operations["getLoadsLoadNotices"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/loads/{load}/publish": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 发布
         * @description Publish a rehearsed load
         */
        post: operations["postLoadsLoadPublish"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/loads/{load}/undo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 撤销
         * @description Undo a published load, by a load of its own
         */
        post: operations["postLoadsLoadUndo"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/loads/{load}/discard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 丢弃上传的文件
         * @description Throw an upload away
         */
        post: operations["postLoadsLoadDiscard"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/receipts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 答复凭据列表，最新在前
         * @description What was answered to whom, newest first
         */
        get: operations["getReceipts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/receipts/{receipt}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 单个答复凭据
         * @description One receipt: who asked what, what for, and what was read
         */
        get: operations["getReceiptsReceipt"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/receipts/{receipt}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 按凭据重放答复
         * @description The same answer again
         */
        get: operations["getReceiptsReceiptReplay"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/receipts/{receipt}/diff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 答复之后的变化
         * @description What has changed since an answer
         */
        get: operations["getReceiptsReceiptDiff"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/receipts/{receipt}/proof": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 凭据在审计日志中的证明
         * @description The proof that an answer stands in the audit trail (RFC 6962)
         */
        get: operations["getReceiptsReceiptProof"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/recalls": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 召回：答复中后被更正的值
         * @description Answers that held a value which was corrected since
         */
        get: operations["getRecalls"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/subjects/log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 本人查询记录：谁、何时、为何查看
         * @description Who looked at a record, when, and what for
         */
        post: operations["postSubjectsLog"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/audit/head": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 审计日志的签名摘要
         * @description The head of the audit trail, signed
         */
        get: operations["getAuditHead"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/audit/consistency": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 审计日志的一致性证明
         * @description The proof that the audit trail continues an earlier one
         */
        get: operations["getAuditConsistency"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/catalog": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 共享目录
         * @description The catalogue (GB/T 21063); also as DCAT-AP
         */
        get: operations["getCatalog"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/catalog/resources/{resource}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 目录条目
         * @description An entry of the catalogue
         */
        get: operations["getCatalogResourcesResource"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/catalog/responsibility": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 责任清单
         * @description Who answers for what, by department
         */
        get: operations["getCatalogResponsibility"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/catalog/databases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 数据库清单
         * @description The registers as databases, and the sources that feed them
         */
        get: operations["getCatalogDatabases"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/catalog/sharing": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 共享清单
         * @description What is shared, by type of sharing
         */
        get: operations["getCatalogSharing"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/requests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 共享申请列表
         * @description What the department asked for, and what others asked of it
         */
        get: operations["getRequests"];
        put?: never;
        /**
         * 提出共享申请
         * @description Ask for what another department shares
         */
        post: operations["postRequests"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/requests/board": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 督办看板
         * @description What waits for whom, the overdue first
         */
        get: operations["getRequestsBoard"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/requests/{request}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 共享申请
         * @description One request
         */
        get: operations["getRequestsRequest"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/requests/{request}/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 规范性审核
         * @description The supervisor says whether it conforms
         */
        post: operations["postRequestsRequestCheck"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/requests/{request}/answer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 提供方答复
         * @description A provider shares, or says why not
         */
        post: operations["postRequestsRequestAnswer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/requests/{request}/resubmit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 修改后重新提交
         * @description The applicant mends what was returned
         */
        post: operations["postRequestsRequestResubmit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/requests/{request}/publish": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 发布并授权
         * @description What was granted is published: the grant begins
         */
        post: operations["postRequestsRequestPublish"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/requests/{request}/withdraw": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 撤回申请
         * @description The applicant takes it back
         */
        post: operations["postRequestsRequestWithdraw"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/requests/{request}/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 收回授权
         * @description The grant is taken back
         */
        post: operations["postRequestsRequestRevoke"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/objections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 异议列表
         * @description Objections that the department has a part in
         */
        get: operations["getObjections"];
        put?: never;
        /**
         * 提出异议
         * @description Say that a value is wrong
         */
        post: operations["postObjections"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/objections/{objection}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 异议
         * @description One objection
         */
        get: operations["getObjectionsObjection"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/objections/{objection}/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 受理异议
         * @description The responsible department takes it on
         */
        post: operations["postObjectionsObjectionAccept"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/objections/{objection}/reject": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 不予受理
         * @description It does not, and says why
         */
        post: operations["postObjectionsObjectionReject"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/objections/{objection}/mark": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 标注存疑
         * @description The record says that the value is in doubt
         */
        post: operations["postObjectionsObjectionMark"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/objections/{objection}/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 核实
         * @description It is known what is right
         */
        post: operations["postObjectionsObjectionVerify"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/objections/{objection}/unmark": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 撤销标注
         * @description The record says nothing of it any more
         */
        post: operations["postObjectionsObjectionUnmark"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/objections/{objection}/withdraw": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 撤回异议
         * @description Whoever raised it takes it back
         */
        post: operations["postObjectionsObjectionWithdraw"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/open": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 开放目录
         * @description What is published without a key; also as DCAT-AP
         */
        get: operations["getOpen"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/open/{open}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 开放数据
         * @description Open records, or an edition of open counts
         */
        get: operations["getOpenOpen"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sources": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 来源映射列表
         * @description The source mappings
         */
        get: operations["getSources"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sources/{source}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 来源映射
         * @description A source mapping: its columns
         */
        get: operations["getSourcesSource"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * 户
         * @description 户籍登记的家庭户与集体户。
         */
        household: {
            /** 户号 */
            householdNumber: string;
            /** 户类型 */
            kind?: string & ("1" | "2");
            /** 户主 */
            head?: string;
            /** 住址 */
            address?: string;
            /** 立户日期 */
            established?: string;
            /** 住址文本 */
            readonly addressText?: string;
            /** 所在区划 */
            readonly division?: string;
            /**
             * 位置
             * Format: geometry-point
             */
            readonly location?: unknown;
        };
        /**
         * 自然人
         * @description 在本市登记的自然人：身份、住址、家庭与婚姻状况。
         */
        person: {
            /**
             * 公民身份号码
             * @description 18 位；15 位旧号装载时升为 18 位。
             */
            identityNumber: string;
            /** 姓名 */
            name: string;
            /** 曾用名 */
            formerNames?: string[];
            /** 性别 */
            sex?: string & ("0" | "1" | "2" | "9");
            /** 民族 */
            ethnicGroup?: string & ("01" | "02" | "03" | "04" | "05" | "06" | "07" | "08" | "09" | "10" | "11" | "12" | "13" | "14" | "15" | "16" | "17" | "18" | "19" | "20" | "21" | "22" | "23" | "24" | "25" | "26" | "27" | "28" | "29" | "30" | "31" | "32" | "33" | "34" | "35" | "36" | "37" | "38" | "39" | "40" | "41" | "42" | "43" | "44" | "45" | "46" | "47" | "48" | "49" | "50" | "51" | "52" | "53" | "54" | "55" | "56");
            /** 出生日期 */
            birthDate?: string;
            /** 出生地 */
            birthplace?: string;
            /** 户籍地址 */
            registeredAddress?: string;
            /** 现住址 */
            currentAddress?: string;
            /** 所属户 */
            household?: string;
            /** 与户主关系 */
            householdRole?: string & ("01" | "02" | "10" | "11" | "12" | "20" | "30" | "40" | "50" | "51" | "52" | "60" | "70" | "80");
            /** 婚姻状况 */
            maritalStatus?: string & ("10" | "20" | "21" | "22" | "23" | "30" | "40" | "90");
            /** 文化程度 */
            education?: string & ("10" | "20" | "30" | "40" | "60" | "70" | "80" | "90");
            /** 死亡日期 */
            deathDate?: string;
            /**
             * 住址
             * @description 现住址的文本；没有现住址时为户籍地址。
             */
            readonly addressText?: string;
            /** 所在区划 */
            readonly division?: string;
            /**
             * 位置
             * Format: geometry-point
             */
            readonly location?: unknown;
        };
        /**
         * 法人和其他组织
         * @description 企业、个体工商户、机关、事业单位、社会组织等具有统一社会信用代码的主体。
         */
        organization: {
            /** 统一社会信用代码 */
            creditCode: string;
            /** 名称 */
            name: string;
            /** 曾用名称 */
            formerNames?: string[];
            /**
             * 工商注册号
             * @description 换发统一社会信用代码以前的 15 位注册号。
             */
            businessNumber?: string;
            /** 全球法人识别编码 */
            legalEntityIdentifier?: string;
            /**
             * 组织机构代码
             * @description 统一社会信用代码的第 9 至 17 位。
             */
            readonly organizationCode?: string;
            /**
             * 组织类型
             * @description 登记管理部门与机构类别（信用代码前两位）。
             */
            readonly legalForm?: string & ("11" | "12" | "13" | "19" | "21" | "29" | "31" | "32" | "33" | "34" | "35" | "39" | "41" | "49" | "51" | "52" | "53" | "59" | "61" | "62" | "69" | "71" | "72" | "79" | "81" | "89" | "91" | "92" | "93" | "A1" | "A9" | "N1" | "N2" | "N3" | "N9" | "Y1");
            /** 行业 */
            industry?: string;
            /** 经济类型 */
            economicType?: string & ("100" | "110" | "120" | "130" | "140" | "141" | "142" | "143" | "149" | "150" | "151" | "159" | "160" | "170" | "171" | "172" | "173" | "174" | "175" | "179" | "190" | "200" | "210" | "220" | "230" | "240" | "290" | "300" | "310" | "320" | "330" | "340" | "390" | "900");
            /**
             * 注册资本
             * @description 以币种的基本单位计（人民币为元）。
             */
            registeredCapital?: number;
            /** 币种 */
            currency?: string & ("156" | "840" | "344" | "446" | "901" | "978" | "392" | "826" | "410" | "702" | "036" | "124" | "756" | "643");
            /** 法定代表人 */
            legalRepresentative?: string;
            /** 成立日期 */
            founded?: string;
            /** 登记状态 */
            status?: string & ("1" | "2" | "3" | "4" | "5" | "6" | "9");
            /** 状态日期 */
            statusDate?: string;
            /** 登记机关 */
            registrar?: string;
            /** 住所 */
            registeredAddress?: string;
            /** 经营场所 */
            businessAddress?: string;
            /** 经营范围 */
            scope?: string;
            /** 从业人数 */
            employees?: number;
            /**
             * 地址
             * @description 住所的文本；没有住所时为经营场所。
             */
            readonly addressText?: string;
            /** 所在区划 */
            readonly division?: string;
            /**
             * 位置
             * Format: geometry-point
             */
            readonly location?: unknown;
        };
        /**
         * 地址
         * @description 标准地址：由区划、道路、门牌、楼栋、单元、楼层、房号组成，附坐标。
         */
        address: {
            /**
             * 地址编码
             * @description 地址的唯一编码，按来源给出的文本保存；各段长度不在此规定。
             */
            code: string;
            /** 地址全称 */
            text: string;
            /** 所在区划 */
            division?: string;
            /** 道路 */
            road?: string;
            /** 道路名称 */
            roadName?: string;
            /** 门牌号 */
            roadNumber?: string;
            /** 小区 */
            community?: string;
            /** 建筑物 */
            building?: string;
            /** 楼栋号 */
            buildingNumber?: string;
            /** 单元 */
            unit?: string;
            /** 楼层 */
            floor?: string;
            /** 房号 */
            room?: string;
            /** 邮政编码 */
            postcode?: string;
            /**
             * 位置
             * Format: geometry-point
             */
            location?: unknown;
        };
        /**
         * 建筑物
         * @description 建筑物的用途、层数、高度与轮廓。
         */
        building: {
            /** 建筑物编码 */
            code: string;
            /** 名称 */
            name?: string;
            /** 用途 */
            use?: string & ("residential" | "commercial" | "office" | "mixed" | "industrial" | "storage" | "education" | "medical" | "culture" | "transport" | "government" | "utility" | "religious" | "agricultural" | "other");
            /** 地上层数 */
            floors?: number;
            /** 高度 */
            height?: number;
            /** 竣工日期 */
            completed?: string;
            /** 所在区划 */
            division?: string;
            /**
             * 轮廓
             * Format: geometry-any
             */
            footprint?: unknown;
        };
        /**
         * 行政区划
         * @description 省、市、县、乡、村五级区划。撤销的代码保留并注明终止日期，不再使用。
         */
        division: {
            /**
             * 区划代码
             * @description 12 位，不足的在右侧补零；000000000000 为全国。
             */
            code: string;
            /** 名称 */
            name: string;
            /** 级别 */
            readonly level?: string & ("nation" | "province" | "city" | "county" | "town" | "village");
            /** 上级区划 */
            readonly parent?: string;
            /**
             * 类型
             * @description 由代码中乡级、村级部分的号段得出。
             */
            readonly kind?: string & ("street" | "town" | "township" | "quasi-town" | "residents-committee" | "villagers-committee" | "quasi-village");
            /**
             * 后继区划
             * @description 代码终止后由哪些区划承接。
             */
            successor?: string[];
            /**
             * 边界
             * Format: geometry-any
             */
            boundary?: unknown;
        };
        /**
         * 地名地物
         * @description 学校、医院、公园、车站等有名称的地点。
         */
        place: {
            /** 地点编码 */
            code: string;
            /** 名称 */
            name: string;
            /** 别名 */
            otherNames?: string[];
            /** 类别 */
            kind?: string & ("school" | "kindergarten" | "university" | "hospital" | "clinic" | "pharmacy" | "park" | "square" | "station" | "metro-station" | "bus-stop" | "airport" | "port" | "parking" | "government" | "police" | "fire-station" | "court" | "post-office" | "bank" | "market" | "mall" | "hotel" | "library" | "museum" | "theatre" | "stadium" | "temple" | "church" | "mosque" | "cemetery" | "bridge" | "tunnel" | "river" | "lake" | "mountain" | "village" | "compound" | "community-centre" | "elderly-home" | "other");
            /** 地址 */
            address?: string;
            /** 管理单位 */
            operator?: string;
            /** 所在区划 */
            division?: string;
            /**
             * 位置
             * Format: geometry-point
             */
            location?: unknown;
        };
        /**
         * 道路
         * @description 道路的名称、等级与中心线。
         */
        road: {
            /** 道路编码 */
            code: string;
            /** 名称 */
            name: string;
            /** 等级 */
            class?: string & ("expressway" | "arterial" | "secondary" | "branch" | "motorway" | "national" | "provincial" | "county" | "township" | "lane" | "other");
            /** 长度 */
            length?: number;
            /**
             * 所在区划
             * @description 包含整条道路的最小区划。
             */
            division?: string;
            /**
             * 中心线
             * Format: geometry-any
             */
            line?: unknown;
        };
        /**
         * 统计指标
         * @description 宏观经济与社会发展统计指标的定义。
         */
        indicator: {
            /** 指标代码 */
            code: string;
            /** 指标名称 */
            name: string;
            /** 专题 */
            topic?: string;
            /** 计量单位 */
            unit?: string;
            /** 频度 */
            frequency?: string & ("A" | "S" | "Q" | "M");
            /** 指标解释 */
            definition?: string;
            /** 数据来源 */
            source?: string;
        };
        /**
         * 统计数据
         * @description 某指标在某地区某时期的数值；修订以不同的发布版本并存。
         */
        observation: {
            /** 指标 */
            indicator: string;
            /** 地区 */
            region: string;
            /** 时期 */
            period: string;
            /**
             * 发布版本
             * @description 发布日期或版次；缺省为唯一版本。
             */
            vintage?: string;
            /**
             * 性别
             * @description 分性别数据才有。
             */
            sex?: string & ("0" | "1" | "2" | "9");
            /**
             * 年龄组
             * @description 分年龄数据才有：0-4、5-9……100+。
             */
            ageGroup?: string;
            /** 数值 */
            value: number;
            /** 计量单位 */
            unit?: string;
            /** 数据状态 */
            status?: string & ("A" | "B" | "D" | "E" | "F" | "G" | "I" | "L" | "M" | "N" | "O" | "P" | "Q" | "S" | "U" | "V");
        };
        Problem: {
            type: string;
            title: string;
            status: number;
            detail: string;
            code: string;
            parameter?: string;
            problems?: {
                /** @description RFC 6901, into the request's body */
                pointer: string;
                code: string;
                detail: string;
                found?: string;
                expected?: string;
            }[];
            messages?: {
                zh?: string;
                en?: string;
            };
        };
        Query: {
            /** @description The name of a collection, or a list of one */
            from: string | string[];
            q?: string | null;
            /** @description CQL2 text, or CQL2 JSON */
            filter?: string | Record<string, never> | boolean | null;
            filterCrs?: string | null;
            near?: {
                lon: number;
                lat: number;
                metres?: number | null;
                k?: number | null;
            } | null;
            select?: string[];
            expand?: string[];
            sort?: string[];
            /** @description sex, division:county, year:birthDate, quarter:…, month:…, age:10:birthDate, grid:1000, head.sex */
            group?: (string | Record<string, never>)[];
            /** @description count, count:field, sum:field, min:field, max:field, mean:field, p50:field */
            measures?: string[];
            /** @description CQL2 over count, keys, measures, and what is computed */
            having?: string | Record<string, never> | null;
            /** @description Queries whose groups are put beside those with the same keys */
            beside?: {
                [key: string]: components["schemas"]["Query"];
            };
            /** @description Numbers of each group, such as gdp.sum:value / count */
            compute?: {
                [key: string]: string;
            };
            limit?: number | null;
            cursor?: string | null;
            validAt?: string | null;
            knownAt?: string | null;
            explain?: boolean;
        };
        Lookup: {
            /** @description Values of the natural key; a list of values where it has several fields */
            keys: unknown[];
            validAt?: string | null;
            knownAt?: string | null;
        };
        Subject: {
            collection: string;
            /** @description The natural key: one value, or an object with a member for each field */
            key?: unknown;
            /** @description The id, in place of the key */
            id?: string | null;
            limit?: number | null;
            cursor?: string | null;
        };
        Claims: {
            claims: {
                /** @description A natural key, as a look-up takes it */
                key: unknown;
                /** @description Values by field; null claims that there is none */
                values?: Record<string, never>;
            }[];
            validAt?: string | null;
            knownAt?: string | null;
        };
        List: {
            grant: string;
            columns?: string[];
            /** @description Natural keys: texts, or objects where the key has several fields */
            keys: (string | Record<string, never>)[];
        };
        /** @description A GeoJSON feature. Of a PATCH, fields not named stay, and null takes a value away */
        Written: {
            /** @constant */
            type?: "Feature";
            id?: string;
            geometry?: Record<string, never> | null;
            /** @description Fields as the collection's JSON Schema has them; references as ids or natural keys */
            properties?: Record<string, never>;
            /** @description The first day on which it holds */
            validFrom?: string | null;
            /** @description The first day on which it no longer does. Without it, what the department has said to begin later stands; '..' is an open end that does not stop there */
            validTo?: string | null;
            department?: string;
        };
        End: {
            /**
             * Format: date
             * @description The first day on which it holds no more; default today
             */
            from?: string;
            /** @description Who speaks, where the header does not say */
            department?: string;
        };
        Retract: {
            statement?: "last" | number[];
            /** @description Who speaks, where the header does not say */
            department?: string;
        };
        Merge: {
            /** @description The id of the other record */
            into: string;
            /** @description Who speaks, where the header does not say */
            department?: string;
        };
        Dispute: {
            /** @description The field's name */
            field: string;
            /**
             * @default raised
             * @enum {string}
             */
            state: "raised" | "accepted" | "verified" | "removed";
            /** @description Why; up to 1000 characters */
            note?: string;
            /** @description Who speaks, where the header does not say */
            department?: string;
        };
        /** @description The properties are of the new record, its natural key as a rule */
        Split: {
            /** @constant */
            type?: "Feature";
            statements: number[][];
            geometry?: Record<string, never> | null;
            /** @description Fields as the collection's JSON Schema has them; references as ids or natural keys */
            properties?: Record<string, never>;
            /** @description The first day on which it holds */
            validFrom?: string | null;
            /** @description The first day on which it no longer does. Without it, what the department has said to begin later stands; '..' is an open end that does not stop there */
            validTo?: string | null;
            department?: string;
        };
        Wish: {
            collection: string;
            /** @description By field: verify, full, or a mask of schemas/access/masks.toml */
            fields: {
                [key: string]: string;
            };
            modes: ("interface" | "file" | "verification" | "comparison")[];
            /** @description A purpose of schemas/access/purposes.toml */
            purpose: string;
            /** @description The law or rule by which the department needs it */
            legalBasis: string;
            /** @description The matter */
            reason: string;
            days: number;
            /** @description Only for this caller of the department */
            caller?: string | null;
            division?: string | null;
            /** @description Records a day */
            quota?: number | null;
            /** @description Columns agreed for list comparisons */
            columns?: unknown[];
        };
        Conformity: {
            conforms: boolean;
            /** @description Why */
            note?: string;
        };
        ProviderAnswer: {
            agree: boolean;
            /** @description By field: verify, full, or a mask of schemas/access/masks.toml */
            fields?: {
                [key: string]: string;
            };
            /** @description Why */
            note?: string;
        };
        Objecting: {
            collection: string;
            /** @description The record's id */
            record: string;
            field: string;
            /** @description What is wrong, and how that is known */
            reason: string;
            /**
             * @default department
             * @enum {unknown}
             */
            objector: "department" | "subject";
        };
        Finding: {
            /** @enum {unknown} */
            finding: "confirmed" | "corrected";
            /** @description What was found */
            note: string;
        };
        Note: {
            /** @description Why */
            note?: string;
        };
        /** @description GeoJSON (RFC 7946), in the system of Content-Crs */
        Geometry: {
            type?: string;
            coordinates?: unknown[];
            geometries?: unknown[];
        } | null;
        Feature: {
            /** @constant */
            type: "Feature";
            id: string;
            geometry: components["schemas"]["Geometry"];
            properties: Record<string, never> | null;
            validFrom?: string | null;
            validTo?: string | null;
            knownFrom?: string | null;
            knownTo?: string | null;
            held?: Record<string, never>;
            conflicts?: Record<string, never>;
            disputes?: Record<string, never>;
            distance?: number;
            score?: number;
            links?: components["schemas"]["Link"][];
        };
        FeatureCollection: {
            numberMatched?: number;
            numberReturned: number;
            timeStamp?: string;
            knownAt?: string | null;
            validAt?: string;
            cursor?: string;
            links?: components["schemas"]["Link"][];
            explanation?: Record<string, never>;
            /** @constant */
            type: "FeatureCollection";
            features: components["schemas"]["Feature"][];
        };
        Item: {
            id: string;
            geometry?: components["schemas"]["Geometry"];
        };
        Items: {
            numberMatched: number;
            numberReturned: number;
            timeStamp?: string;
            knownAt?: string | null;
            validAt?: string;
            cursor?: string;
            links?: components["schemas"]["Link"][];
            explanation?: Record<string, never>;
            items: components["schemas"]["Item"][];
        };
        Groups: {
            numberMatched: number;
            numberReturned: number;
            timeStamp?: string;
            knownAt?: string | null;
            validAt?: string;
            cursor?: string;
            links?: components["schemas"]["Link"][];
            explanation?: Record<string, never>;
            collection: string;
            groups: {
                key: Record<string, never>;
                count: number;
                measures?: Record<string, never>;
            }[];
        };
        ItemsOrGroups: components["schemas"]["Groups"] | components["schemas"]["Items"];
        Series: {
            columns: string[];
            rows: unknown[][];
            numberMatched?: number;
            numberReturned?: number;
            cursor?: string | null;
            links?: components["schemas"]["Link"][];
        };
        Found: {
            features: components["schemas"]["Feature"][];
            numberMatched: number;
            numberReturned?: number;
            counts: {
                [key: string]: number;
            };
            didYouMean?: {
                text?: string;
                collection?: string;
                count?: number;
            }[];
        };
        Suggestions: {
            suggestions: {
                text: string;
                collection: string;
                field?: string;
                match?: string;
                count?: number;
                marks?: number[][];
            }[];
        };
        Versions: {
            versions: components["schemas"]["Feature"][];
        };
        LookedUp: {
            records: (components["schemas"]["Feature"] | null)[];
            numberMatched: number;
        };
        Link: {
            href: string;
            rel: string;
            type?: string;
            title?: string;
            templated?: boolean;
        };
        Landing: {
            title: string;
            description?: string;
            synthetic?: boolean;
            links: components["schemas"]["Link"][];
        };
        Conformance: {
            conformsTo: string[];
            links?: components["schemas"]["Link"][];
        };
        Health: {
            status: string;
            transaction?: number;
        };
        Collection: {
            id: string;
            title?: string;
            titleEn?: string;
            description?: string;
            descriptionEn?: string;
            /** @constant */
            itemType?: "feature";
            register?: string;
            department?: string;
            sensitivity?: string;
            updateCycle?: unknown;
            links: components["schemas"]["Link"][];
            crs?: string[];
            storageCrs?: string;
            extent?: Record<string, never>;
        };
        Collections: {
            collections: components["schemas"]["Collection"][];
            crs?: string[];
            links: components["schemas"]["Link"][];
        };
        TileMatrixSet: {
            id: string;
            title?: string;
            uri?: string;
            crs: string;
            orderedAxes?: string[];
            wellKnownScaleSet?: string;
            tileMatrices?: {
                id: string;
                scaleDenominator: number;
                cellSize: number;
                cornerOfOrigin?: string;
                pointOfOrigin: number[];
                tileWidth?: number;
                tileHeight?: number;
                matrixWidth?: number;
                matrixHeight?: number;
            }[];
            links?: components["schemas"]["Link"][];
        };
        TileMatrixSets: {
            tileMatrixSets: components["schemas"]["TileMatrixSet"][];
            links?: components["schemas"]["Link"][];
        };
        Tileset: {
            title?: string;
            titleEn?: string;
            /** @constant */
            dataType: "vector";
            crs: string;
            tileMatrixSetURI?: string;
            tileMatrixSet?: components["schemas"]["TileMatrixSet"];
            boundingBox?: Record<string, never>;
            layers?: Record<string, never>[];
            links: components["schemas"]["Link"][];
        };
        Tilesets: {
            tilesets: components["schemas"]["Tileset"][];
            links?: components["schemas"]["Link"][];
        };
        TileJson: {
            tilejson: string;
            name?: string;
            description?: string;
            scheme?: string;
            tiles: string[];
            minzoom?: number;
            maxzoom?: number;
            bounds?: number[];
            center?: number[];
            vector_layers: Record<string, never>[];
        };
        Statements: {
            statements: {
                department: string;
                departmentLabel?: {
                    zh?: string;
                    en?: string;
                } | null;
                source?: string;
                load?: string;
                line?: unknown;
                knownFrom?: string | null;
                transaction?: number;
                position?: number[];
                validFrom?: string | null;
                validTo?: string | null;
                kind: string;
                fields?: Record<string, never>;
                retracts?: unknown;
            }[];
        };
        Conflicts: {
            conflicts: {
                id: string;
                field: string;
                responsible?: string;
                value?: unknown;
                competing?: unknown[];
            }[];
        };
        Responsibility: {
            responsibility: {
                collection: string;
                department?: string;
                departmentLabel?: {
                    zh?: string;
                    en?: string;
                } | null;
                others?: string[];
                updateCycle?: unknown;
                lastPublished?: string | null;
                overdue?: boolean;
                fields?: unknown[];
                sources?: unknown[];
            }[];
        };
        Load: {
            id: string;
            kind?: string;
            state: string;
            source?: unknown;
            collection?: unknown;
            department?: unknown;
            file?: unknown;
            size?: unknown;
            kept?: unknown;
            hash?: unknown;
            asOf?: unknown;
            maxRejects?: unknown;
            counts?: unknown;
            problems?: unknown;
            outcome?: unknown;
            rejects?: boolean;
            transaction?: unknown;
            problem?: unknown;
            received?: unknown;
            by?: unknown;
            progress?: unknown;
            history?: unknown[];
            links?: components["schemas"]["Link"][];
        };
        Loads: {
            loads: components["schemas"]["Load"][];
            numberReturned?: number;
            cursor?: unknown;
            links?: components["schemas"]["Link"][];
        };
        Source: {
            name: string;
            label?: unknown;
            collection?: string;
            department?: string;
            scope?: unknown;
            format?: unknown;
            synthetic?: boolean;
            description?: unknown;
            columns?: unknown[];
        };
        Sources: {
            sources: components["schemas"]["Source"][];
        };
        Verified: {
            results: {
                /** @enum {string} */
                outcome: "match" | "match-under-variant" | "unknown" | "disputed" | "mismatch" | "no-record";
                key?: {
                    /** @enum {string} */
                    outcome: "match" | "match-under-variant" | "unknown" | "disputed" | "mismatch";
                    variants?: string[];
                };
                values?: {
                    [key: string]: {
                        /** @enum {string} */
                        outcome: "match" | "match-under-variant" | "unknown" | "disputed" | "mismatch";
                        variants?: string[];
                    };
                };
            }[];
            validAt: string;
            knownAt: string | null;
        };
        Comparisons: {
            comparisons: components["schemas"]["Comparison"][];
            numberReturned: number;
        };
        Comparison: {
            id: string;
            /** @enum {string} */
            state: "waiting" | "running" | "done" | "refused" | "failed" | "discarded";
            grant: string;
            collection: string;
            columns: {
                name: string;
                label: Record<string, never>;
                totals?: {
                    yes: number;
                    no: number;
                    unknown: number;
                };
            }[];
            keys: number;
            answered: number;
            purpose?: string | null;
            case?: string | null;
            received?: string | null;
            rested?: string | null;
            validAt?: string;
            knownAt?: string | null;
            problem?: Record<string, never>;
            links: Record<string, never>[];
        };
        Compared: {
            id: string;
            rows: {
                key: string | Record<string, never>;
                answers: {
                    [key: string]: "yes" | "no" | "unknown";
                };
            }[];
            numberMatched: number;
            numberReturned: number;
            validAt: string;
            knownAt?: string | null;
            links: Record<string, never>[];
        };
        householdFeature: components["schemas"]["Feature"] & {
            properties?: components["schemas"]["household"];
        };
        personFeature: components["schemas"]["Feature"] & {
            properties?: components["schemas"]["person"];
        };
        organizationFeature: components["schemas"]["Feature"] & {
            properties?: components["schemas"]["organization"];
        };
        addressFeature: components["schemas"]["Feature"] & {
            properties?: components["schemas"]["address"];
        };
        buildingFeature: components["schemas"]["Feature"] & {
            properties?: components["schemas"]["building"];
        };
        divisionFeature: components["schemas"]["Feature"] & {
            properties?: components["schemas"]["division"];
        };
        placeFeature: components["schemas"]["Feature"] & {
            properties?: components["schemas"]["place"];
        };
        roadFeature: components["schemas"]["Feature"] & {
            properties?: components["schemas"]["road"];
        };
        indicatorFeature: components["schemas"]["Feature"] & {
            properties?: components["schemas"]["indicator"];
        };
        observationFeature: components["schemas"]["Feature"] & {
            properties?: components["schemas"]["observation"];
        };
    };
    responses: never;
    parameters: {
        /** @description Only what is in this state */
        state: string;
        /** @description The edition of a period, such as 2026-Q4; default that of today */
        edition: string;
        /** @description A source mapping of /sources */
        source: string;
        /** @description The file's name */
        file: string;
        /** @description The day from which the file holds; default today */
        asOf: string;
        /** @description How many rows may be rejected: 100, or 1%; default 0 */
        maxRejects: string;
        /** @description Who asks, as they call themselves */
        by: string;
        /** @description Only what this caller asked */
        caller: string;
        /** @description Only answers that told of this record */
        record: string;
        /** @description How many entries the earlier trail had */
        from: number;
        /** @description Who speaks, a key of the departments; or the body's member department */
        "Jiku-Department": string;
        /** @description Up to 255 characters. Sent again with the same key, the same call is answered as it was and not carried out twice; for 24 hours */
        "Idempotency-Key": string;
        /** @description The system of the coordinates in the body, a URI in angle brackets; CRS84 without it */
        "Content-Crs": string;
        /** @description The ETag that came with the record, or *. Required where a record is changed, replaced or ended */
        "If-Match": string;
        /** @description The grant under which a CSV file is compared */
        grant: string;
        /** @description Agreed columns, with commas between; all where none is named */
        columns: string;
        /** @description From which row on */
        offset: number;
        /** @description 全文检索：各短语均须出现，次序不限 · full text */
        q: string;
        /** @description The smallest corner and the largest, in the order of the axes of bbox-crs: west,south,east,north. Across the antimeridian where west > east */
        bbox: number[];
        /** @description A day or instant, or an interval of them: 2024-03-01/2024-03-31, 2024-03-01/.., ../2024-03-31. Of each record the last state that holds on some of these days */
        datetime: string;
        /** @description CQL2; at most 4096 bytes and 64 levels */
        filter: string;
        "filter-lang": "cql2-text" | "cql2-json";
        /** @description The system of the coordinates in the filter */
        "filter-crs": string;
        /** @description The system of the coordinates in the answer, in the order of its axes; also as EPSG:4547 */
        crs: "http://www.opengis.net/def/crs/OGC/1.3/CRS84" | "http://www.opengis.net/def/crs/EPSG/0/4490" | "http://www.opengis.net/def/crs/EPSG/0/4326" | "http://www.opengis.net/def/crs/EPSG/0/3857" | "http://www.opengis.net/def/crs/EPSG/0/4491" | "http://www.opengis.net/def/crs/EPSG/0/4492" | "http://www.opengis.net/def/crs/EPSG/0/4493" | "http://www.opengis.net/def/crs/EPSG/0/4494" | "http://www.opengis.net/def/crs/EPSG/0/4495" | "http://www.opengis.net/def/crs/EPSG/0/4496" | "http://www.opengis.net/def/crs/EPSG/0/4497" | "http://www.opengis.net/def/crs/EPSG/0/4498" | "http://www.opengis.net/def/crs/EPSG/0/4499" | "http://www.opengis.net/def/crs/EPSG/0/4500" | "http://www.opengis.net/def/crs/EPSG/0/4501" | "http://www.opengis.net/def/crs/EPSG/0/4502" | "http://www.opengis.net/def/crs/EPSG/0/4503" | "http://www.opengis.net/def/crs/EPSG/0/4504" | "http://www.opengis.net/def/crs/EPSG/0/4505" | "http://www.opengis.net/def/crs/EPSG/0/4506" | "http://www.opengis.net/def/crs/EPSG/0/4507" | "http://www.opengis.net/def/crs/EPSG/0/4508" | "http://www.opengis.net/def/crs/EPSG/0/4509" | "http://www.opengis.net/def/crs/EPSG/0/4510" | "http://www.opengis.net/def/crs/EPSG/0/4511" | "http://www.opengis.net/def/crs/EPSG/0/4512" | "http://www.opengis.net/def/crs/EPSG/0/4513" | "http://www.opengis.net/def/crs/EPSG/0/4514" | "http://www.opengis.net/def/crs/EPSG/0/4515" | "http://www.opengis.net/def/crs/EPSG/0/4516" | "http://www.opengis.net/def/crs/EPSG/0/4517" | "http://www.opengis.net/def/crs/EPSG/0/4518" | "http://www.opengis.net/def/crs/EPSG/0/4519" | "http://www.opengis.net/def/crs/EPSG/0/4520" | "http://www.opengis.net/def/crs/EPSG/0/4521" | "http://www.opengis.net/def/crs/EPSG/0/4522" | "http://www.opengis.net/def/crs/EPSG/0/4523" | "http://www.opengis.net/def/crs/EPSG/0/4524" | "http://www.opengis.net/def/crs/EPSG/0/4525" | "http://www.opengis.net/def/crs/EPSG/0/4526" | "http://www.opengis.net/def/crs/EPSG/0/4527" | "http://www.opengis.net/def/crs/EPSG/0/4528" | "http://www.opengis.net/def/crs/EPSG/0/4529" | "http://www.opengis.net/def/crs/EPSG/0/4530" | "http://www.opengis.net/def/crs/EPSG/0/4531" | "http://www.opengis.net/def/crs/EPSG/0/4532" | "http://www.opengis.net/def/crs/EPSG/0/4533" | "http://www.opengis.net/def/crs/EPSG/0/4534" | "http://www.opengis.net/def/crs/EPSG/0/4535" | "http://www.opengis.net/def/crs/EPSG/0/4536" | "http://www.opengis.net/def/crs/EPSG/0/4537" | "http://www.opengis.net/def/crs/EPSG/0/4538" | "http://www.opengis.net/def/crs/EPSG/0/4539" | "http://www.opengis.net/def/crs/EPSG/0/4540" | "http://www.opengis.net/def/crs/EPSG/0/4541" | "http://www.opengis.net/def/crs/EPSG/0/4542" | "http://www.opengis.net/def/crs/EPSG/0/4543" | "http://www.opengis.net/def/crs/EPSG/0/4544" | "http://www.opengis.net/def/crs/EPSG/0/4545" | "http://www.opengis.net/def/crs/EPSG/0/4546" | "http://www.opengis.net/def/crs/EPSG/0/4547" | "http://www.opengis.net/def/crs/EPSG/0/4548" | "http://www.opengis.net/def/crs/EPSG/0/4549" | "http://www.opengis.net/def/crs/EPSG/0/4550" | "http://www.opengis.net/def/crs/EPSG/0/4551" | "http://www.opengis.net/def/crs/EPSG/0/4552" | "http://www.opengis.net/def/crs/EPSG/0/4553" | "http://www.opengis.net/def/crs/EPSG/0/4554";
        /** @description The system of the bbox */
        "bbox-crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84" | "http://www.opengis.net/def/crs/EPSG/0/4490" | "http://www.opengis.net/def/crs/EPSG/0/4326" | "http://www.opengis.net/def/crs/EPSG/0/3857" | "http://www.opengis.net/def/crs/EPSG/0/4491" | "http://www.opengis.net/def/crs/EPSG/0/4492" | "http://www.opengis.net/def/crs/EPSG/0/4493" | "http://www.opengis.net/def/crs/EPSG/0/4494" | "http://www.opengis.net/def/crs/EPSG/0/4495" | "http://www.opengis.net/def/crs/EPSG/0/4496" | "http://www.opengis.net/def/crs/EPSG/0/4497" | "http://www.opengis.net/def/crs/EPSG/0/4498" | "http://www.opengis.net/def/crs/EPSG/0/4499" | "http://www.opengis.net/def/crs/EPSG/0/4500" | "http://www.opengis.net/def/crs/EPSG/0/4501" | "http://www.opengis.net/def/crs/EPSG/0/4502" | "http://www.opengis.net/def/crs/EPSG/0/4503" | "http://www.opengis.net/def/crs/EPSG/0/4504" | "http://www.opengis.net/def/crs/EPSG/0/4505" | "http://www.opengis.net/def/crs/EPSG/0/4506" | "http://www.opengis.net/def/crs/EPSG/0/4507" | "http://www.opengis.net/def/crs/EPSG/0/4508" | "http://www.opengis.net/def/crs/EPSG/0/4509" | "http://www.opengis.net/def/crs/EPSG/0/4510" | "http://www.opengis.net/def/crs/EPSG/0/4511" | "http://www.opengis.net/def/crs/EPSG/0/4512" | "http://www.opengis.net/def/crs/EPSG/0/4513" | "http://www.opengis.net/def/crs/EPSG/0/4514" | "http://www.opengis.net/def/crs/EPSG/0/4515" | "http://www.opengis.net/def/crs/EPSG/0/4516" | "http://www.opengis.net/def/crs/EPSG/0/4517" | "http://www.opengis.net/def/crs/EPSG/0/4518" | "http://www.opengis.net/def/crs/EPSG/0/4519" | "http://www.opengis.net/def/crs/EPSG/0/4520" | "http://www.opengis.net/def/crs/EPSG/0/4521" | "http://www.opengis.net/def/crs/EPSG/0/4522" | "http://www.opengis.net/def/crs/EPSG/0/4523" | "http://www.opengis.net/def/crs/EPSG/0/4524" | "http://www.opengis.net/def/crs/EPSG/0/4525" | "http://www.opengis.net/def/crs/EPSG/0/4526" | "http://www.opengis.net/def/crs/EPSG/0/4527" | "http://www.opengis.net/def/crs/EPSG/0/4528" | "http://www.opengis.net/def/crs/EPSG/0/4529" | "http://www.opengis.net/def/crs/EPSG/0/4530" | "http://www.opengis.net/def/crs/EPSG/0/4531" | "http://www.opengis.net/def/crs/EPSG/0/4532" | "http://www.opengis.net/def/crs/EPSG/0/4533" | "http://www.opengis.net/def/crs/EPSG/0/4534" | "http://www.opengis.net/def/crs/EPSG/0/4535" | "http://www.opengis.net/def/crs/EPSG/0/4536" | "http://www.opengis.net/def/crs/EPSG/0/4537" | "http://www.opengis.net/def/crs/EPSG/0/4538" | "http://www.opengis.net/def/crs/EPSG/0/4539" | "http://www.opengis.net/def/crs/EPSG/0/4540" | "http://www.opengis.net/def/crs/EPSG/0/4541" | "http://www.opengis.net/def/crs/EPSG/0/4542" | "http://www.opengis.net/def/crs/EPSG/0/4543" | "http://www.opengis.net/def/crs/EPSG/0/4544" | "http://www.opengis.net/def/crs/EPSG/0/4545" | "http://www.opengis.net/def/crs/EPSG/0/4546" | "http://www.opengis.net/def/crs/EPSG/0/4547" | "http://www.opengis.net/def/crs/EPSG/0/4548" | "http://www.opengis.net/def/crs/EPSG/0/4549" | "http://www.opengis.net/def/crs/EPSG/0/4550" | "http://www.opengis.net/def/crs/EPSG/0/4551" | "http://www.opengis.net/def/crs/EPSG/0/4552" | "http://www.opengis.net/def/crs/EPSG/0/4553" | "http://www.opengis.net/def/crs/EPSG/0/4554";
        /** @description Up to three fields, - before one for descending: -birthDate,name */
        sortby: string;
        /** @description Only these fields */
        properties: string;
        /** @description Only in these collections, with commas between; default all */
        collections: string;
        /** @description How many records at most, and no more than a page may have; 'all' is every one, written while it is sent. Files (csv, ndjson, fgb) are everything where no limit is given */
        limit: number;
        /** @description From the link 'next' of the page before */
        cursor: string;
        /** @description True on this day; default today */
        validAt: string;
        /** @description As known at this day's end or instant; default now */
        knownAt: string;
        /** @description The letters of a table: UTF-8 with a byte order mark, or GB18030 */
        charset: "utf-8" | "gb18030";
        /** @description Only conflicts about this field */
        field: string;
        /** @description References to follow: household,household.head */
        expand: string;
    };
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getLanding: {
        parameters: {
            query?: {
                /** @description The form of the answer; without it the header Accept decides */
                f?: "json" | "html";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Landing page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Landing"];
                    "text/html": string;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getConformance: {
        parameters: {
            query?: {
                /** @description The form of the answer; without it the header Accept decides */
                f?: "json" | "html";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Conformance classes */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Conformance"];
                    "text/html": string;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getFunctions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The functions that filters know */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getConsole: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The web console */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": unknown;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getApi: {
        parameters: {
            query?: {
                /** @description The form of the answer; without it the header Accept decides */
                f?: "openapi31" | "openapi30" | "json" | "html";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description This description */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/vnd.oai.openapi+json;version=3.1": Record<string, never>;
                    "application/vnd.oai.openapi+json;version=3.0": Record<string, never>;
                    "application/json": Record<string, never>;
                    "text/html": string;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getHealthLive: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The process runs */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getHealthReady: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Reads are answered */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getMetrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Prometheus metrics */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": unknown;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getCollections: {
        parameters: {
            query?: {
                /** @description The form of the answer; without it the header Accept decides */
                f?: "json" | "html";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The collections */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Collections"];
                    "text/html": string;
                };
            };
            /** @description As the caller has it already */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getCollectionsCollection: {
        parameters: {
            query?: {
                /** @description The form of the answer; without it the header Accept decides */
                f?: "json" | "html";
            };
            header?: never;
            path: {
                collection: "household" | "person" | "organization" | "address" | "building" | "division" | "place" | "road" | "indicator" | "observation";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A collection */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Collection"];
                    "text/html": string;
                };
            };
            /** @description As the caller has it already */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getCollectionsCollectionSchema: {
        parameters: {
            query?: {
                /** @description The form of the answer; without it the header Accept decides */
                f?: "json" | "html";
            };
            header?: never;
            path: {
                collection: "household" | "person" | "organization" | "address" | "building" | "division" | "place" | "road" | "indicator" | "observation";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description JSON Schema of its records */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/schema+json": Record<string, never>;
                    "text/html": string;
                };
            };
            /** @description As the caller has it already */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getCollectionsCollectionQueryables: {
        parameters: {
            query?: {
                /** @description The form of the answer; without it the header Accept decides */
                f?: "json" | "html";
            };
            header?: never;
            path: {
                collection: "household" | "person" | "organization" | "address" | "building" | "division" | "place" | "road" | "indicator" | "observation";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Fields a filter may name */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/schema+json": Record<string, never>;
                    "text/html": string;
                };
            };
            /** @description As the caller has it already */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getCollectionsCollectionItems: {
        parameters: {
            query?: {
                /** @description 全文检索：各短语均须出现，次序不限 · full text */
                q?: components["parameters"]["q"];
                /** @description The smallest corner and the largest, in the order of the axes of bbox-crs: west,south,east,north. Across the antimeridian where west > east */
                bbox?: components["parameters"]["bbox"];
                /** @description The system of the bbox */
                "bbox-crs"?: components["parameters"]["bbox-crs"];
                /** @description A day or instant, or an interval of them: 2024-03-01/2024-03-31, 2024-03-01/.., ../2024-03-31. Of each record the last state that holds on some of these days */
                datetime?: components["parameters"]["datetime"];
                /** @description CQL2; at most 4096 bytes and 64 levels */
                filter?: components["parameters"]["filter"];
                "filter-lang"?: components["parameters"]["filter-lang"];
                /** @description The system of the coordinates in the filter */
                "filter-crs"?: components["parameters"]["filter-crs"];
                /** @description The system of the coordinates in the answer, in the order of its axes; also as EPSG:4547 */
                crs?: components["parameters"]["crs"];
                /** @description Up to three fields, - before one for descending: -birthDate,name */
                sortby?: components["parameters"]["sortby"];
                /** @description Only these fields */
                properties?: components["parameters"]["properties"];
                /** @description How many records at most, and no more than a page may have; 'all' is every one, written while it is sent. Files (csv, ndjson, fgb) are everything where no limit is given */
                limit?: components["parameters"]["limit"];
                /** @description From the link 'next' of the page before */
                cursor?: components["parameters"]["cursor"];
                /** @description True on this day; default today */
                validAt?: components["parameters"]["validAt"];
                /** @description As known at this day's end or instant; default now */
                knownAt?: components["parameters"]["knownAt"];
                /** @description The letters of a table: UTF-8 with a byte order mark, or GB18030 */
                charset?: components["parameters"]["charset"];
                /** @description The form of the answer; without it the header Accept decides */
                f?: "geojson" | "json" | "csv" | "ndjson" | "fgb" | "series" | "html";
            };
            header?: never;
            path: {
                collection: "household" | "person" | "organization" | "address" | "building" | "division" | "place" | "road" | "indicator" | "observation";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Search; any queryable field is a parameter too */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": components["schemas"]["FeatureCollection"];
                    "application/json": components["schemas"]["Items"] | components["schemas"]["Series"];
                    "text/csv": string;
                    "application/x-ndjson": string;
                    "application/flatgeobuf": string;
                    "text/html": string;
                };
            };
            /** @description As the caller has it already */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postCollectionsCollectionItems: {
        parameters: {
            query?: never;
            header?: {
                /** @description Who speaks, a key of the departments; or the body's member department */
                "Jiku-Department"?: components["parameters"]["Jiku-Department"];
                /** @description Up to 255 characters. Sent again with the same key, the same call is answered as it was and not carried out twice; for 24 hours */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description The system of the coordinates in the body, a URI in angle brackets; CRS84 without it */
                "Content-Crs"?: components["parameters"]["Content-Crs"];
            };
            path: {
                collection: "household" | "person" | "organization" | "address" | "building" | "division" | "place" | "road" | "indicator" | "observation";
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/geo+json": components["schemas"]["Written"];
                "application/json": components["schemas"]["Written"];
            };
        };
        responses: {
            /** @description A new record */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": components["schemas"]["Feature"];
                };
            };
            /** @description A new record */
            201: {
                headers: {
                    /** @description The new record */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": components["schemas"]["Feature"];
                };
            };
            /** @description Nothing is left to show */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getCollectionsCollectionItemsId: {
        parameters: {
            query?: {
                /** @description References to follow: household,household.head */
                expand?: components["parameters"]["expand"];
                /** @description The system of the coordinates in the answer, in the order of its axes; also as EPSG:4547 */
                crs?: components["parameters"]["crs"];
                /** @description True on this day; default today */
                validAt?: components["parameters"]["validAt"];
                /** @description As known at this day's end or instant; default now */
                knownAt?: components["parameters"]["knownAt"];
                /** @description The form of the answer; without it the header Accept decides */
                f?: "geojson" | "json" | "html";
            };
            header?: never;
            path: {
                collection: "household" | "person" | "organization" | "address" | "building" | "division" | "place" | "road" | "indicator" | "observation";
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One record */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": components["schemas"]["Feature"];
                    "application/json": components["schemas"]["Item"];
                    "text/html": string;
                };
            };
            /** @description As the caller has it already */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The record was merged into another one: see Location */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    putCollectionsCollectionItemsId: {
        parameters: {
            query?: never;
            header?: {
                /** @description Who speaks, a key of the departments; or the body's member department */
                "Jiku-Department"?: components["parameters"]["Jiku-Department"];
                /** @description Up to 255 characters. Sent again with the same key, the same call is answered as it was and not carried out twice; for 24 hours */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description The ETag that came with the record, or *. Required where a record is changed, replaced or ended */
                "If-Match"?: components["parameters"]["If-Match"];
                /** @description The system of the coordinates in the body, a URI in angle brackets; CRS84 without it */
                "Content-Crs"?: components["parameters"]["Content-Crs"];
            };
            path: {
                collection: "household" | "person" | "organization" | "address" | "building" | "division" | "place" | "road" | "indicator" | "observation";
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/geo+json": components["schemas"]["Written"];
                "application/json": components["schemas"]["Written"];
            };
        };
        responses: {
            /** @description All that the department says of a record */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": components["schemas"]["Feature"];
                };
            };
            /** @description Nothing is left to show */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteCollectionsCollectionItemsId: {
        parameters: {
            query?: never;
            header?: {
                /** @description Who speaks, a key of the departments; or the body's member department */
                "Jiku-Department"?: components["parameters"]["Jiku-Department"];
                /** @description Up to 255 characters. Sent again with the same key, the same call is answered as it was and not carried out twice; for 24 hours */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description The ETag that came with the record, or *. Required where a record is changed, replaced or ended */
                "If-Match"?: components["parameters"]["If-Match"];
                /** @description The system of the coordinates in the body, a URI in angle brackets; CRS84 without it */
                "Content-Crs"?: components["parameters"]["Content-Crs"];
            };
            path: {
                collection: "household" | "person" | "organization" | "address" | "building" | "division" | "place" | "road" | "indicator" | "observation";
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The department says nothing of it from today on; its history stays */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": components["schemas"]["Feature"];
                };
            };
            /** @description Nothing is left to show */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patchCollectionsCollectionItemsId: {
        parameters: {
            query?: never;
            header?: {
                /** @description Who speaks, a key of the departments; or the body's member department */
                "Jiku-Department"?: components["parameters"]["Jiku-Department"];
                /** @description Up to 255 characters. Sent again with the same key, the same call is answered as it was and not carried out twice; for 24 hours */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description The ETag that came with the record, or *. Required where a record is changed, replaced or ended */
                "If-Match"?: components["parameters"]["If-Match"];
                /** @description The system of the coordinates in the body, a URI in angle brackets; CRS84 without it */
                "Content-Crs"?: components["parameters"]["Content-Crs"];
            };
            path: {
                collection: "household" | "person" | "organization" | "address" | "building" | "division" | "place" | "road" | "indicator" | "observation";
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Written"];
                "application/merge-patch+json": components["schemas"]["Written"];
                "application/geo+json": components["schemas"]["Written"];
            };
        };
        responses: {
            /** @description Some fields of a record: a change, a correction, a late arrival */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": components["schemas"]["Feature"];
                };
            };
            /** @description Nothing is left to show */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postCollectionsCollectionItemsIdEnd: {
        parameters: {
            query?: never;
            header?: {
                /** @description Who speaks, a key of the departments; or the body's member department */
                "Jiku-Department"?: components["parameters"]["Jiku-Department"];
                /** @description Up to 255 characters. Sent again with the same key, the same call is answered as it was and not carried out twice; for 24 hours */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description The ETag that came with the record, or *. Required where a record is changed, replaced or ended */
                "If-Match"?: components["parameters"]["If-Match"];
                /** @description The system of the coordinates in the body, a URI in angle brackets; CRS84 without it */
                "Content-Crs"?: components["parameters"]["Content-Crs"];
            };
            path: {
                collection: "household" | "person" | "organization" | "address" | "building" | "division" | "place" | "road" | "indicator" | "observation";
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["End"];
            };
        };
        responses: {
            /** @description The department says nothing of it from a day on */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": components["schemas"]["Feature"];
                };
            };
            /** @description Nothing is left to show */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postCollectionsCollectionItemsIdRetract: {
        parameters: {
            query?: never;
            header?: {
                /** @description Who speaks, a key of the departments; or the body's member department */
                "Jiku-Department"?: components["parameters"]["Jiku-Department"];
                /** @description Up to 255 characters. Sent again with the same key, the same call is answered as it was and not carried out twice; for 24 hours */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description The ETag that came with the record, or *. Required where a record is changed, replaced or ended */
                "If-Match"?: components["parameters"]["If-Match"];
                /** @description The system of the coordinates in the body, a URI in angle brackets; CRS84 without it */
                "Content-Crs"?: components["parameters"]["Content-Crs"];
            };
            path: {
                collection: "household" | "person" | "organization" | "address" | "building" | "division" | "place" | "road" | "indicator" | "observation";
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Retract"];
            };
        };
        responses: {
            /** @description A statement on it is withdrawn, from now on */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": components["schemas"]["Feature"];
                };
            };
            /** @description Nothing is left to show */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postCollectionsCollectionItemsIdMerge: {
        parameters: {
            query?: never;
            header?: {
                /** @description Who speaks, a key of the departments; or the body's member department */
                "Jiku-Department"?: components["parameters"]["Jiku-Department"];
                /** @description Up to 255 characters. Sent again with the same key, the same call is answered as it was and not carried out twice; for 24 hours */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description The ETag that came with the record, or *. Required where a record is changed, replaced or ended */
                "If-Match"?: components["parameters"]["If-Match"];
                /** @description The system of the coordinates in the body, a URI in angle brackets; CRS84 without it */
                "Content-Crs"?: components["parameters"]["Content-Crs"];
            };
            path: {
                collection: "household" | "person" | "organization" | "address" | "building" | "division" | "place" | "road" | "indicator" | "observation";
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Merge"];
            };
        };
        responses: {
            /** @description It is another record: its id leads there */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": components["schemas"]["Feature"];
                };
            };
            /** @description Nothing is left to show */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postCollectionsCollectionItemsIdSplit: {
        parameters: {
            query?: never;
            header?: {
                /** @description Who speaks, a key of the departments; or the body's member department */
                "Jiku-Department"?: components["parameters"]["Jiku-Department"];
                /** @description Up to 255 characters. Sent again with the same key, the same call is answered as it was and not carried out twice; for 24 hours */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description The ETag that came with the record, or *. Required where a record is changed, replaced or ended */
                "If-Match"?: components["parameters"]["If-Match"];
                /** @description The system of the coordinates in the body, a URI in angle brackets; CRS84 without it */
                "Content-Crs"?: components["parameters"]["Content-Crs"];
            };
            path: {
                collection: "household" | "person" | "organization" | "address" | "building" | "division" | "place" | "road" | "indicator" | "observation";
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Split"];
            };
        };
        responses: {
            /** @description Statements on it are of a new record */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": components["schemas"]["Feature"];
                };
            };
            /** @description Statements on it are of a new record */
            201: {
                headers: {
                    /** @description The new record */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": components["schemas"]["Feature"];
                };
            };
            /** @description Nothing is left to show */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postCollectionsCollectionItemsIdDispute: {
        parameters: {
            query?: never;
            header?: {
                /** @description Who speaks, a key of the departments; or the body's member department */
                "Jiku-Department"?: components["parameters"]["Jiku-Department"];
                /** @description Up to 255 characters. Sent again with the same key, the same call is answered as it was and not carried out twice; for 24 hours */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description The ETag that came with the record, or *. Required where a record is changed, replaced or ended */
                "If-Match"?: components["parameters"]["If-Match"];
                /** @description The system of the coordinates in the body, a URI in angle brackets; CRS84 without it */
                "Content-Crs"?: components["parameters"]["Content-Crs"];
            };
            path: {
                collection: "household" | "person" | "organization" | "address" | "building" | "division" | "place" | "road" | "indicator" | "observation";
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Dispute"];
            };
        };
        responses: {
            /** @description A field is in doubt: raised, accepted, verified, removed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": components["schemas"]["Feature"];
                };
            };
            /** @description Nothing is left to show */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getCollectionsCollectionItemsIdVersions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                collection: "household" | "person" | "organization" | "address" | "building" | "division" | "place" | "road" | "indicator" | "observation";
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Every version of a record */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Versions"];
                };
            };
            /** @description As the caller has it already */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getCollectionsCollectionItemsIdStatements: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                collection: "household" | "person" | "organization" | "address" | "building" | "division" | "place" | "road" | "indicator" | "observation";
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Who said what of a record */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Statements"];
                };
            };
            /** @description As the caller has it already */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getCollectionsCollectionConflicts: {
        parameters: {
            query?: {
                /** @description Only conflicts about this field */
                field?: components["parameters"]["field"];
                /** @description How many records at most, and no more than a page may have; 'all' is every one, written while it is sent. Files (csv, ndjson, fgb) are everything where no limit is given */
                limit?: components["parameters"]["limit"];
                /** @description From the link 'next' of the page before */
                cursor?: components["parameters"]["cursor"];
                /** @description True on this day; default today */
                validAt?: components["parameters"]["validAt"];
                /** @description As known at this day's end or instant; default now */
                knownAt?: components["parameters"]["knownAt"];
            };
            header?: never;
            path: {
                collection: "household" | "person" | "organization" | "address" | "building" | "division" | "place" | "road" | "indicator" | "observation";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Fields of which sources say different things */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Conflicts"];
                };
            };
            /** @description As the caller has it already */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getResponsibility: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Who answers for what, and what is overdue */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Responsibility"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postCollectionsCollectionLookup: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                collection: "household" | "person" | "organization" | "address" | "building" | "division" | "place" | "road" | "indicator" | "observation";
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Lookup"];
            };
        };
        responses: {
            /** @description Records by natural key, up to 1000 */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LookedUp"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postCollectionsCollectionVerify: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                collection: "household" | "person" | "organization" | "address" | "building" | "division" | "place" | "road" | "indicator" | "observation";
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Claims"];
            };
        };
        responses: {
            /** @description Claims on records, each answered by a word */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Verified"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postQuery: {
        parameters: {
            query?: {
                /** @description The letters of a table: UTF-8 with a byte order mark, or GB18030 */
                charset?: components["parameters"]["charset"];
                /** @description The form of the answer; without it the header Accept decides */
                f?: "geojson" | "json" | "csv" | "ndjson" | "fgb";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Query"];
            };
        };
        responses: {
            /** @description The unified query */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": components["schemas"]["FeatureCollection"];
                    "application/json": components["schemas"]["ItemsOrGroups"];
                    "text/csv": string;
                    "application/x-ndjson": string;
                    "application/flatgeobuf": string;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getComparisons: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The caller's list comparisons, newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Comparisons"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postComparisons: {
        parameters: {
            query?: {
                /** @description The grant under which a CSV file is compared */
                grant?: components["parameters"]["grant"];
                /** @description Agreed columns, with commas between; all where none is named */
                columns?: components["parameters"]["columns"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["List"];
                "text/csv": string;
            };
        };
        responses: {
            /** @description Compare a list of up to 50,000 keys by agreed questions */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Comparison"];
                };
            };
            /** @description Compare a list of up to 50,000 keys by agreed questions */
            201: {
                headers: {
                    /** @description The new record */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Comparison"];
                };
            };
            /** @description It goes on: see Location */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Comparison"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getComparisonsComparison: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                comparison: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One list comparison */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Comparison"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteComparisonsComparison: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                comparison: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Remove a comparison's keys and answers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Comparison"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getComparisonsComparisonAnswers: {
        parameters: {
            query?: {
                /** @description From which row on */
                offset?: components["parameters"]["offset"];
                /** @description How many records at most, and no more than a page may have; 'all' is every one, written while it is sent. Files (csv, ndjson, fgb) are everything where no limit is given */
                limit?: components["parameters"]["limit"];
                /** @description The letters of a table: UTF-8 with a byte order mark, or GB18030 */
                charset?: components["parameters"]["charset"];
                /** @description The form of the answer; without it the header Accept decides */
                f?: "json" | "csv";
            };
            header?: never;
            path: {
                comparison: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its answers: yes, no or unknown */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Compared"];
                    "text/csv": string;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postComparisonsComparisonResume: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                comparison: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Have a comparison go on that failed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Comparison"];
                };
            };
            /** @description It goes on: see Location */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Comparison"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getCollectionsCollectionTiles: {
        parameters: {
            query?: {
                /** @description The form of the answer; without it the header Accept decides */
                f?: "json" | "html";
            };
            header?: never;
            path: {
                collection: "household" | "person" | "organization" | "address" | "building" | "division" | "place" | "road";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its vector tilesets */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tilesets"];
                    "text/html": string;
                };
            };
            /** @description As the caller has it already */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getCollectionsCollectionTilesSet: {
        parameters: {
            query?: {
                /** @description The form of the answer; without it the header Accept decides */
                f?: "json" | "tilejson" | "html";
            };
            header?: never;
            path: {
                collection: "household" | "person" | "organization" | "address" | "building" | "division" | "place" | "road";
                set: "WebMercatorQuad" | "CGCS2000Quad";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A tileset; also as TileJSON */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tileset"] | components["schemas"]["TileJson"];
                    "text/html": string;
                };
            };
            /** @description As the caller has it already */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getCollectionsCollectionTilesSetMatrixRowColumn: {
        parameters: {
            query?: {
                /** @description 全文检索：各短语均须出现，次序不限 · full text */
                q?: components["parameters"]["q"];
                /** @description The smallest corner and the largest, in the order of the axes of bbox-crs: west,south,east,north. Across the antimeridian where west > east */
                bbox?: components["parameters"]["bbox"];
                /** @description The system of the bbox */
                "bbox-crs"?: components["parameters"]["bbox-crs"];
                /** @description A day or instant, or an interval of them: 2024-03-01/2024-03-31, 2024-03-01/.., ../2024-03-31. Of each record the last state that holds on some of these days */
                datetime?: components["parameters"]["datetime"];
                /** @description CQL2; at most 4096 bytes and 64 levels */
                filter?: components["parameters"]["filter"];
                "filter-lang"?: components["parameters"]["filter-lang"];
                /** @description The system of the coordinates in the filter */
                "filter-crs"?: components["parameters"]["filter-crs"];
                /** @description Only these fields */
                properties?: components["parameters"]["properties"];
                /** @description True on this day; default today */
                validAt?: components["parameters"]["validAt"];
                /** @description As known at this day's end or instant; default now */
                knownAt?: components["parameters"]["knownAt"];
                /** @description The form of the answer; without it the header Accept decides */
                f?: "mvt";
            };
            header?: never;
            path: {
                collection: "household" | "person" | "organization" | "address" | "building" | "division" | "place" | "road";
                set: "WebMercatorQuad" | "CGCS2000Quad";
                matrix: number;
                row: number;
                column: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A vector tile */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/vnd.mapbox-vector-tile": string;
                };
            };
            /** @description Nothing is there */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description As the caller has it already */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getTileMatrixSets: {
        parameters: {
            query?: {
                /** @description The form of the answer; without it the header Accept decides */
                f?: "json" | "html";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The tile matrix sets */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TileMatrixSets"];
                    "text/html": string;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getTileMatrixSetsSet: {
        parameters: {
            query?: {
                /** @description The form of the answer; without it the header Accept decides */
                f?: "json" | "html";
            };
            header?: never;
            path: {
                set: "WebMercatorQuad" | "CGCS2000Quad";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A tile matrix set */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TileMatrixSet"];
                    "text/html": string;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSearch: {
        parameters: {
            query?: {
                /** @description 全文检索：各短语均须出现，次序不限 · full text */
                q?: components["parameters"]["q"];
                /** @description Only in these collections, with commas between; default all */
                collections?: components["parameters"]["collections"];
                /** @description How many records at most, and no more than a page may have; 'all' is every one, written while it is sent. Files (csv, ndjson, fgb) are everything where no limit is given */
                limit?: components["parameters"]["limit"];
                /** @description True on this day; default today */
                validAt?: components["parameters"]["validAt"];
                /** @description As known at this day's end or instant; default now */
                knownAt?: components["parameters"]["knownAt"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One ranked list across the registers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Found"];
                };
            };
            /** @description As the caller has it already */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSuggest: {
        parameters: {
            query?: {
                /** @description 全文检索：各短语均须出现，次序不限 · full text */
                q?: components["parameters"]["q"];
                /** @description Only in these collections, with commas between; default all */
                collections?: components["parameters"]["collections"];
                /** @description How many records at most, and no more than a page may have; 'all' is every one, written while it is sent. Files (csv, ndjson, fgb) are everything where no limit is given */
                limit?: components["parameters"]["limit"];
                /** @description True on this day; default today */
                validAt?: components["parameters"]["validAt"];
                /** @description As known at this day's end or instant; default now */
                knownAt?: components["parameters"]["knownAt"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Names that begin so, by characters or pinyin */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Suggestions"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getLoads: {
        parameters: {
            query?: {
                /** @description Only what is in this state */
                state?: components["parameters"]["state"];
                /** @description A source mapping of /sources */
                source?: components["parameters"]["source"];
                /** @description How many records at most, and no more than a page may have; 'all' is every one, written while it is sent. Files (csv, ndjson, fgb) are everything where no limit is given */
                limit?: components["parameters"]["limit"];
                /** @description From the link 'next' of the page before */
                cursor?: components["parameters"]["cursor"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The loads, newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Loads"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postLoads: {
        parameters: {
            query?: {
                /** @description A source mapping of /sources */
                source?: components["parameters"]["source"];
                /** @description The file's name */
                file?: components["parameters"]["file"];
                /** @description The day from which the file holds; default today */
                asOf?: components["parameters"]["asOf"];
                /** @description How many rows may be rejected: 100, or 1%; default 0 */
                maxRejects?: components["parameters"]["maxRejects"];
                /** @description Who asks, as they call themselves */
                by?: components["parameters"]["by"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description Take in a file of any size, and rehearse it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Load"];
                };
            };
            /** @description It goes on: see Location */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Load"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getLoadsLoad: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                load: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One load */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Load"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getLoadsLoadEvents: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                load: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A load as it goes on, as server-sent events */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": unknown;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getLoadsLoadReport: {
        parameters: {
            query?: {
                /** @description The form of the answer; without it the header Accept decides */
                f?: "json" | "html";
            };
            header?: never;
            path: {
                load: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What a load would change, or has; also as a page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                    "text/html": string;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getLoadsLoadRejects: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                load: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The rows refused, as they came, to mend and send back */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": unknown;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getLoadsLoadNotices: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                load: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Rows that say what their department does not answer for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": unknown;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postLoadsLoadPublish: {
        parameters: {
            query?: {
                /** @description How many rows may be rejected: 100, or 1%; default 0 */
                maxRejects?: components["parameters"]["maxRejects"];
                /** @description Who asks, as they call themselves */
                by?: components["parameters"]["by"];
            };
            header?: never;
            path: {
                load: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Publish a rehearsed load */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Load"];
                };
            };
            /** @description It goes on: see Location */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Load"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postLoadsLoadUndo: {
        parameters: {
            query?: {
                /** @description Who asks, as they call themselves */
                by?: components["parameters"]["by"];
            };
            header?: never;
            path: {
                load: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Undo a published load, by a load of its own */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Load"];
                };
            };
            /** @description It goes on: see Location */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Load"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postLoadsLoadDiscard: {
        parameters: {
            query?: {
                /** @description Who asks, as they call themselves */
                by?: components["parameters"]["by"];
            };
            header?: never;
            path: {
                load: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Throw an upload away */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Load"];
                };
            };
            /** @description It goes on: see Location */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Load"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getReceipts: {
        parameters: {
            query?: {
                /** @description Only what this caller asked */
                caller?: components["parameters"]["caller"];
                /** @description How many records at most, and no more than a page may have; 'all' is every one, written while it is sent. Files (csv, ndjson, fgb) are everything where no limit is given */
                limit?: components["parameters"]["limit"];
                /** @description From the link 'next' of the page before */
                cursor?: components["parameters"]["cursor"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was answered to whom, newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getReceiptsReceipt: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                receipt: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One receipt: who asked what, what for, and what was read */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getReceiptsReceiptReplay: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                receipt: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The same answer again */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getReceiptsReceiptDiff: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                receipt: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What has changed since an answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getReceiptsReceiptProof: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                receipt: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The proof that an answer stands in the audit trail (RFC 6962) */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getRecalls: {
        parameters: {
            query?: {
                /** @description Only answers that told of this record */
                record?: components["parameters"]["record"];
                /** @description How many records at most, and no more than a page may have; 'all' is every one, written while it is sent. Files (csv, ndjson, fgb) are everything where no limit is given */
                limit?: components["parameters"]["limit"];
                /** @description From the link 'next' of the page before */
                cursor?: components["parameters"]["cursor"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Answers that held a value which was corrected since */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postSubjectsLog: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Subject"];
            };
        };
        responses: {
            /** @description Who looked at a record, when, and what for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getAuditHead: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The head of the audit trail, signed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getAuditConsistency: {
        parameters: {
            query?: {
                /** @description How many entries the earlier trail had */
                from?: components["parameters"]["from"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The proof that the audit trail continues an earlier one */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getCatalog: {
        parameters: {
            query?: {
                /** @description The form of the answer; without it the header Accept decides */
                f?: "json" | "jsonld" | "ttl" | "html";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The catalogue (GB/T 21063); also as DCAT-AP */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                    "application/ld+json": Record<string, never>;
                    "text/turtle": string;
                    "text/html": string;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getCatalogResourcesResource: {
        parameters: {
            query?: {
                /** @description The form of the answer; without it the header Accept decides */
                f?: "json" | "html";
            };
            header?: never;
            path: {
                resource: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An entry of the catalogue */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                    "text/html": string;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getCatalogResponsibility: {
        parameters: {
            query?: {
                /** @description The form of the answer; without it the header Accept decides */
                f?: "json" | "html";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Who answers for what, by department */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                    "text/html": string;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getCatalogDatabases: {
        parameters: {
            query?: {
                /** @description The form of the answer; without it the header Accept decides */
                f?: "json" | "html";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The registers as databases, and the sources that feed them */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                    "text/html": string;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getCatalogSharing: {
        parameters: {
            query?: {
                /** @description The form of the answer; without it the header Accept decides */
                f?: "json" | "html";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What is shared, by type of sharing */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                    "text/html": string;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getRequests: {
        parameters: {
            query?: {
                /** @description Only what is in this state */
                state?: components["parameters"]["state"];
                /** @description The form of the answer; without it the header Accept decides */
                f?: "json" | "html";
            };
            header?: {
                /** @description Who speaks, a key of the departments; or the body's member department */
                "Jiku-Department"?: components["parameters"]["Jiku-Department"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What the department asked for, and what others asked of it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                    "text/html": string;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postRequests: {
        parameters: {
            query?: never;
            header?: {
                /** @description Who speaks, a key of the departments; or the body's member department */
                "Jiku-Department"?: components["parameters"]["Jiku-Department"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Wish"];
            };
        };
        responses: {
            /** @description Ask for what another department shares */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description Ask for what another department shares */
            201: {
                headers: {
                    /** @description The new record */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getRequestsBoard: {
        parameters: {
            query?: {
                /** @description The form of the answer; without it the header Accept decides */
                f?: "json" | "html";
            };
            header?: {
                /** @description Who speaks, a key of the departments; or the body's member department */
                "Jiku-Department"?: components["parameters"]["Jiku-Department"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What waits for whom, the overdue first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                    "text/html": string;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getRequestsRequest: {
        parameters: {
            query?: {
                /** @description The form of the answer; without it the header Accept decides */
                f?: "json" | "html";
            };
            header?: {
                /** @description Who speaks, a key of the departments; or the body's member department */
                "Jiku-Department"?: components["parameters"]["Jiku-Department"];
            };
            path: {
                request: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One request */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                    "text/html": string;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postRequestsRequestCheck: {
        parameters: {
            query?: never;
            header?: {
                /** @description Who speaks, a key of the departments; or the body's member department */
                "Jiku-Department"?: components["parameters"]["Jiku-Department"];
            };
            path: {
                request: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Conformity"];
            };
        };
        responses: {
            /** @description The supervisor says whether it conforms */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postRequestsRequestAnswer: {
        parameters: {
            query?: never;
            header?: {
                /** @description Who speaks, a key of the departments; or the body's member department */
                "Jiku-Department"?: components["parameters"]["Jiku-Department"];
            };
            path: {
                request: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProviderAnswer"];
            };
        };
        responses: {
            /** @description A provider shares, or says why not */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postRequestsRequestResubmit: {
        parameters: {
            query?: never;
            header?: {
                /** @description Who speaks, a key of the departments; or the body's member department */
                "Jiku-Department"?: components["parameters"]["Jiku-Department"];
            };
            path: {
                request: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Wish"];
            };
        };
        responses: {
            /** @description The applicant mends what was returned */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postRequestsRequestPublish: {
        parameters: {
            query?: never;
            header?: {
                /** @description Who speaks, a key of the departments; or the body's member department */
                "Jiku-Department"?: components["parameters"]["Jiku-Department"];
            };
            path: {
                request: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Note"];
            };
        };
        responses: {
            /** @description What was granted is published: the grant begins */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postRequestsRequestWithdraw: {
        parameters: {
            query?: never;
            header?: {
                /** @description Who speaks, a key of the departments; or the body's member department */
                "Jiku-Department"?: components["parameters"]["Jiku-Department"];
            };
            path: {
                request: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Note"];
            };
        };
        responses: {
            /** @description The applicant takes it back */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postRequestsRequestRevoke: {
        parameters: {
            query?: never;
            header?: {
                /** @description Who speaks, a key of the departments; or the body's member department */
                "Jiku-Department"?: components["parameters"]["Jiku-Department"];
            };
            path: {
                request: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Note"];
            };
        };
        responses: {
            /** @description The grant is taken back */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getObjections: {
        parameters: {
            query?: {
                /** @description The form of the answer; without it the header Accept decides */
                f?: "json" | "html";
            };
            header?: {
                /** @description Who speaks, a key of the departments; or the body's member department */
                "Jiku-Department"?: components["parameters"]["Jiku-Department"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Objections that the department has a part in */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                    "text/html": string;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postObjections: {
        parameters: {
            query?: never;
            header?: {
                /** @description Who speaks, a key of the departments; or the body's member department */
                "Jiku-Department"?: components["parameters"]["Jiku-Department"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Objecting"];
            };
        };
        responses: {
            /** @description Say that a value is wrong */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description Say that a value is wrong */
            201: {
                headers: {
                    /** @description The new record */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getObjectionsObjection: {
        parameters: {
            query?: {
                /** @description The form of the answer; without it the header Accept decides */
                f?: "json" | "html";
            };
            header?: {
                /** @description Who speaks, a key of the departments; or the body's member department */
                "Jiku-Department"?: components["parameters"]["Jiku-Department"];
            };
            path: {
                objection: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One objection */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                    "text/html": string;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postObjectionsObjectionAccept: {
        parameters: {
            query?: never;
            header?: {
                /** @description Who speaks, a key of the departments; or the body's member department */
                "Jiku-Department"?: components["parameters"]["Jiku-Department"];
            };
            path: {
                objection: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Note"];
            };
        };
        responses: {
            /** @description The responsible department takes it on */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postObjectionsObjectionReject: {
        parameters: {
            query?: never;
            header?: {
                /** @description Who speaks, a key of the departments; or the body's member department */
                "Jiku-Department"?: components["parameters"]["Jiku-Department"];
            };
            path: {
                objection: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Note"];
            };
        };
        responses: {
            /** @description It does not, and says why */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postObjectionsObjectionMark: {
        parameters: {
            query?: never;
            header?: {
                /** @description Who speaks, a key of the departments; or the body's member department */
                "Jiku-Department"?: components["parameters"]["Jiku-Department"];
            };
            path: {
                objection: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Note"];
            };
        };
        responses: {
            /** @description The record says that the value is in doubt */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postObjectionsObjectionVerify: {
        parameters: {
            query?: never;
            header?: {
                /** @description Who speaks, a key of the departments; or the body's member department */
                "Jiku-Department"?: components["parameters"]["Jiku-Department"];
            };
            path: {
                objection: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Finding"];
            };
        };
        responses: {
            /** @description It is known what is right */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postObjectionsObjectionUnmark: {
        parameters: {
            query?: never;
            header?: {
                /** @description Who speaks, a key of the departments; or the body's member department */
                "Jiku-Department"?: components["parameters"]["Jiku-Department"];
            };
            path: {
                objection: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Note"];
            };
        };
        responses: {
            /** @description The record says nothing of it any more */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postObjectionsObjectionWithdraw: {
        parameters: {
            query?: never;
            header?: {
                /** @description Who speaks, a key of the departments; or the body's member department */
                "Jiku-Department"?: components["parameters"]["Jiku-Department"];
            };
            path: {
                objection: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Note"];
            };
        };
        responses: {
            /** @description Whoever raised it takes it back */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getOpen: {
        parameters: {
            query?: {
                /** @description The form of the answer; without it the header Accept decides */
                f?: "json" | "jsonld" | "ttl" | "html";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What is published without a key; also as DCAT-AP */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                    "application/ld+json": Record<string, never>;
                    "text/turtle": string;
                    "text/html": string;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getOpenOpen: {
        parameters: {
            query?: {
                /** @description The edition of a period, such as 2026-Q4; default that of today */
                edition?: components["parameters"]["edition"];
                /** @description How many records at most, and no more than a page may have; 'all' is every one, written while it is sent. Files (csv, ndjson, fgb) are everything where no limit is given */
                limit?: components["parameters"]["limit"];
                /** @description From the link 'next' of the page before */
                cursor?: components["parameters"]["cursor"];
                /** @description The letters of a table: UTF-8 with a byte order mark, or GB18030 */
                charset?: components["parameters"]["charset"];
                /** @description The form of the answer; without it the header Accept decides */
                f?: "json" | "csv" | "ndjson" | "html";
            };
            header?: never;
            path: {
                open: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Open records, or an edition of open counts */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                    "text/csv": string;
                    "application/x-ndjson": string;
                    "text/html": string;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSources: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The source mappings */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sources"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSourcesSource: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                source: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A source mapping: its columns */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Source"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
